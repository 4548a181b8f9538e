import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Accepted } from '#testing/client.js';
import type { HttpAnswer } from '#testing/http-client.js';

import type { Installation } from '../installation.js';
import { Target } from '../target.js';

const most = 255;

export const idempotency = (installation: () => Installation): void =>
  describe('An Idempotency-Key', () => {
    let target: Target;

    beforeAll(async () => {
      target = await Target.at(installation());
    });

    const create = (key: string, title: string, headers = {}) => ({
      method: 'POST' as const,
      path: '/api/v1/tasks',
      body: { title },
      headers: { 'idempotency-key': key, ...headers },
    });

    const tasksOf = async (title: string): Promise<number> => {
      const { count } = await target.lab.database.one<{ count: number }>(
        'select count(*)::int as count from tasks.task_list where title = $1',
        [title],
      );
      return count;
    };

    it.each([
      ['is too long', 'k'.repeat(most + 1)],
      ['is far too long', 'k'.repeat(8_000)],
      ['is empty', ''],
      ['has a space', 'a b'],
      ['has a tab', 'a\tb'],
      ['is no ASCII', 'schlüssel'],
      ['is sent twice', ['one', 'two']],
    ])('A20: that %s is 400', async (_, key) => {
      await target.refuses(
        { ...create('', 'never'), headers: { 'idempotency-key': key } },
        { status: 400, reason: 'idempotency_key_invalid' },
      );
    });

    it.each(['!', '~'.repeat(most), "'; drop table platform.commands; --".replaceAll(' ', '+'), '%00', '\\u0000'])(
      'A20: may be anything printable: %s',
      async (key) => {
        const title = `printable ${newId()}`;
        const [first, second] = [await target.send(create(key, title)), await target.send(create(key, title))];
        expect(first.status).toBe(201);
        expect(second.body).toEqual(first.body);
        expect(await tasksOf(title)).toBe(1);
      },
    );

    it('A20: with another body is 422, at once and for ever, and changes nothing', async () => {
      const key = newId();
      const title = `first ${key}`;
      expect((await target.send(create(key, title))).status).toBe(201);
      const others = [create(key, 'other'), { ...create(key, title), body: { title, priority: 'low' } }];
      for (const other of others) await target.refuses(other, { status: 422, reason: 'idempotency_key_reused' });
      const conditional = create(key, title, { 'if-match': '"7"' });
      await target.refuses(conditional, { status: 422, reason: 'idempotency_key_reused' });
      const elsewhere = target.lab.client(target.owner.userId, { api: target.lab.apis[1] });
      target.expectRefusal(await elsewhere.send(create(key, 'other', { prefer: 'wait=5' })), {
        status: 422,
        reason: 'idempotency_key_reused',
      });
      expect(await tasksOf(title)).toBe(1);
    });

    it('A20: with the same body, its names in another order and with other white space, is the same command', async () => {
      const key = newId();
      const title = `same ${key}`;
      const bodies = [`{"title":"${title}","priority":"low"}`, ` { "priority" : "low",\n"title":"${title}" } `];
      const ids: unknown[] = [];
      for (const body of bodies) {
        const { headers } = await target.send({ ...create(key, title), body });
        ids.push(headers['command-id']);
      }
      expect(ids[0]).toBeDefined();
      expect(ids[1]).toBe(ids[0]);
      expect(await tasksOf(title)).toBe(1);
    });

    it('A20: of another user is another key', async () => {
      const key = newId();
      const title = `of two ${key}`;
      const stranger = target.lab.client(newId());
      const [own, strangers] = await Promise.all([
        target.send(create(key, title)),
        stranger.send(create(key, title, { prefer: 'wait=5' })),
      ]);
      expect([own?.status, strangers?.status]).toEqual([201, 201]);
      expect(strangers?.headers['command-id']).not.toBe(own?.headers['command-id']);
      const foreign = await stranger.send({ path: `/api/v1/commands/${String(own?.headers['command-id'])}` });
      target.expectRefusal(foreign, { status: 404 });
      expect(await tasksOf(title)).toBe(2);
    });

    it('A20: of another route is another key', async () => {
      const key = newId();
      expect((await target.send(create(key, 'x'))).status).toBe(201);
      const category = { ...create(key, ''), path: '/api/v1/categories', body: { name: `x ${key}` } };
      expect((await target.send(category)).status).toBe(201);
    });

    it('A20: 50 times at once is one command, whatever of two bodies comes first', async () => {
      const key = newId();
      const titles = [`left ${key}`, `right ${key}`] as const;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => target.send(create(key, titles[n % 2] as string))),
      );
      const made = answers.filter(({ status }) => status === 201);
      const lost = answers.filter(({ status }) => status === 422);
      expect(made.length).toBeGreaterThan(0);
      expect(made.length + lost.length).toBe(50);
      expect(new Set(made.map(({ headers }) => headers['command-id'])).size).toBe(1);
      expect(new Set(made.map(({ body }) => (body as { title: string }).title)).size).toBe(1);
      expect((await tasksOf(titles[0])) + (await tasksOf(titles[1]))).toBe(1);
      for (const answer of lost) target.expectRefusal(answer, { status: 422, reason: 'idempotency_key_reused' });
    });

    it('A20: 50 times at once without waiting is one command and one resource', async () => {
      const key = newId();
      const title = `not waited for ${key}`;
      const answers: HttpAnswer[] = await Promise.all(
        Array.from({ length: 50 }, () => target.send(create(key, title, { prefer: 'respond-async' }))),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      const [{ body }] = answers as [HttpAnswer];
      await target.owner.outcome((body as Accepted).command_id);
      expect(await tasksOf(title)).toBe(1);
    });
  });
