import { beforeAll, describe, expect, it } from '@jest/globals';

import { profiled } from '#testing/fault-profile.js';
import type { HttpRequest } from '#testing/http-client.js';

import { ApiDocument, concretePath, type Operation, type Schema } from '../api-document.js';
import type { Installation } from '../installation.js';
import { RawConnection } from '../raw-connection.js';
import { Target } from '../target.js';

const limit = 256 * 1024;
const limitOfLists = 1024 * 1024;

export const malformedBodies = (installation: () => Installation): void =>
  describe('A malformed body', () => {
    let target: Target;
    let document: ApiDocument;

    beforeAll(async () => {
      target = await Target.at(installation());
      document = await ApiDocument.of(target.owner.http);
    });

    const create = (body: unknown): HttpRequest => ({ method: 'POST', path: '/api/v1/tasks', body });
    const change = (body: unknown): HttpRequest => ({ method: 'PATCH', path: `/api/v1/tasks/${target.taskId}`, body });
    const write = ({ method, path }: Operation, body: unknown): HttpRequest => ({
      method,
      path: concretePath({ path } as Operation, (name) => idOf(name)),
      body,
    });
    const idOf = (parameter: string): string =>
      ({ task_id: target.taskId, category_id: target.categoryId })[parameter] ?? target.taskId;

    const fieldsOf = ({ body }: Operation): Readonly<Record<string, Schema>> =>
      (body && document.resolve(body).properties) ?? {};

    const raw = (headers: string): string =>
      `POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: ${target.owner.authorization}\r\n` +
      `Content-Type: application/json\r\n${headers}\r\n\r\n`;

    describe('that is too long (A01)', () => {
      const longerThan = (length: number): string => JSON.stringify({ title: 'x'.repeat(length) });

      it('A01: is 413, on every route that writes', async () => {
        const requests = document.writes.map((operation) =>
          write(operation, longerThan(operation.path.endsWith('/batch') ? limitOfLists : limit)),
        );
        await target.refusesEach(requests, { status: 413, reason: 'payload_too_large' });
      });

      it('A01: is 413 however its length is hidden: in chunks', async () => {
        const before = await target.state();
        const connection = await RawConnection.open(target.port);
        connection.write(raw('Transfer-Encoding: chunked'));
        for (let sent = 0; sent <= limit && !connection.ended; sent += 0x8000)
          connection.write(`8000\r\n${'x'.repeat(0x8000)}\r\n`);
        connection.write('0\r\n\r\n');
        target.expectRefusal(await connection.answer(), { status: 413, reason: 'payload_too_large' });
        await connection.close();
        expect(await target.state()).toEqual(before);
      });

      it.each([
        ['says more than the limit and sends nothing', `Content-Length: ${limit * 4}`, '', 413],
        ['says less than it sends', 'Content-Length: 2', '{"title":"smuggled"}', 400],
      ])('A01: a length that %s is not believed', async (_, header, body, status) => {
        const before = await target.state();
        const connection = await RawConnection.open(target.port);
        connection.write(raw(header) + body);
        target.expectRefusal(await connection.answer(), { status });
        await connection.close();
        expect(await target.state()).toEqual(before);
      });
    });

    it('A02: nested 50,000 deep, or with 10,000 names and more, is 400 and takes no memory', async () => {
      const [api] = target.lab.apis;
      const deep = (open: string, close: string) => `${open.repeat(50_000)}1${close.repeat(50_000)}`;
      const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`field_${n}`, 1]));
      const bodies = [
        ['{"title":"x","description":' + deep('[', ']') + '}', 'nested_too_deeply'],
        [deep('{"a":', '}').slice(0, limit), undefined],
        [JSON.stringify(names(10_000)), 'validation_failed'],
        [JSON.stringify(names(12_000)), 'too_many_members'],
        [JSON.stringify({ title: Array.from({ length: 20_000 }, () => 0) }), 'too_many_members'],
      ] as const;
      for (const [body, reason] of bodies) await target.refuses(create(body), { status: 400, reason });
      const flood = async (rounds: number) => {
        for (let round = 0; round < rounds; round++)
          await Promise.all(bodies.map(([body]) => target.send(create(body))));
      };
      // The heap grows to what such bodies need at once; what counts is that more of them need no more.
      await flood(5);
      const settled = api?.usage()?.memory ?? 0;
      await flood(profiled({ short: 10, full: 100 }));
      expect((api?.usage()?.memory ?? 0) - settled).toBeLessThan(64);
    });

    it.each<[string, Buffer | string]>([
      ['cut short', '{"title":"x"'],
      ['with something behind it', '{"title":"x"} {}'],
      ['with single quotes', "{'title':'x'}"],
      ['with a trailing comma', '{"title":"x",}'],
      ['with a comment', '{"title":"x"/**/}'],
      ['that is NaN', '{"title":NaN}'],
      ['with a byte order mark', '\ufeff{"title":"x"}'],
      ['in UTF-16', Buffer.from('{"title":"x"}', 'utf16le')],
      ['with bytes that are no UTF-8', Buffer.from('7b227469746c65223a22c328227d', 'hex')],
      ['with overlong UTF-8', Buffer.from('7b227469746c65223a22c080227d', 'hex')],
      ['with a surrogate in UTF-8', Buffer.from('7b227469746c65223a22eda080227d', 'hex')],
      ['with a raw line feed in a text', '{"title":"a\nb"}'],
    ])('A03: JSON %s is 400', async (_, body) => {
      await target.refuses(create(body), { status: 400, reason: 'malformed_json' });
    });

    it.each([
      ['in a value', String.raw`{"title":"a\ud800b"}`],
      ['the second half in a value', String.raw`{"title":"\udc00"}`],
      ['in a name', String.raw`{"title":"x","\ud83d":1}`],
      ['in a list', String.raw`{"title":["\ud800"]}`],
    ])('A03: half of a surrogate pair %s is 400', async (_, body) => {
      await target.refuses(create(body), { status: 400, reason: 'lone_surrogate' });
    });

    it.each(['__proto__', 'constructor', 'prototype'])('A04: %s as a name is 400 at any depth', async (name) => {
      const polluted = `{"${name}":{"polluted":true,"is_admin":true}}`;
      const bodies = [
        `{"title":"x",${polluted.slice(1)}`,
        `{"title":${polluted}}`,
        `{"title":"x","description":[[{"a":${polluted}}]]}`,
        String.raw`{"title":"x","${name.replace(/^./, (first) => `\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`)}":{}}`,
      ];
      const requests = bodies.flatMap((body) => [create(body), change(body)]);
      await target.refusesEach(requests, { status: 400, reason: 'name_forbidden' });
      expect((await target.send({ path: `/api/v1/tasks/${target.taskId}` })).body).not.toHaveProperty('polluted');
      const answer = await target.send(create({ title: 'afterwards' }));
      expect(answer.status).toBe(201);
      expect(answer.body).not.toHaveProperty('polluted');
    });

    describe('of wrong types (A05)', () => {
      const wrongFor: Readonly<Record<string, readonly unknown[]>> = {
        string: [1, true, {}, [], ['x'], [['x']]],
        boolean: ['false', 'true', 0, 1, '', []],
        integer: ['1', 1.5, true, [1]],
        array: ['x', {}, 1],
      };

      it('A05: is 400 for every field of every route that writes; nothing is coerced', async () => {
        const requests = document.writes.flatMap((operation) =>
          Object.entries(fieldsOf(operation)).flatMap(([name, schema]) => {
            const types = [document.resolve(schema).type ?? 'string'].flat();
            const wrong = [...(wrongFor[types[0] as string] ?? []), ...(types.includes('null') ? [] : [null])];
            return wrong.map((value) => write(operation, { ...document.exampleBody(operation), [name]: value }));
          }),
        );
        expect(requests.length).toBeGreaterThan(20);
        await target.refusesEach(requests, { status: 400 });
      });

      it.each(['[]', '"title"', '1', 'null', 'true', '[{"title":"x"}]'])('A05: %s is no body', async (body) => {
        await target.refuses(create(body), { status: 400 });
      });
    });

    it.each(['\\u0000', '\\u0001', '\\u001b[31m', '\\u007f', '\\b'])('A07: a text with %s is 400', async (escape) => {
      const bodies = [`{"title":"a${escape}b"}`, `{"title":"x","description":"${escape}"}`, `{"title${escape}":"x"}`];
      const requests = [...bodies.map(create), change(`{"description":"a${escape}"}`)];
      await target.refusesEach(requests, { status: 400, reason: 'control_character' });
    });

    it.each([
      ['four-byte emoji', '👩‍👩‍👧‍👦🏳️‍🌈𝕏🦄'],
      ['text from right to left', 'שלום \u202eabc\u202c عَرَبِيّ'],
      ['combining characters, composed or not', 'e\u0301 \u00e9 n\u0303 Z\u0351\u036b\u0343'],
      ['white space of all kinds inside', 'a \u00a0\u2003\u200b\u2028\u2029\t\r\nb'],
      ['noncharacters and private use', '\ufffe\uffff\ue000\u{10ffff}'],
    ])('A07: %s is stored and given back byte by byte', async (_, text) => {
      const sent = { title: `a${text}b`, description: ` ${text} ` };
      const answer = await target.send(create(sent));
      expect(answer).toMatchObject({ status: 201, body: sent });
      const { id } = answer.body as { id: string };
      expect((await target.send({ path: `/api/v1/tasks/${id}` })).body).toMatchObject(sent);
      const stored = await target.lab.database.one<{ title: Buffer; description: Buffer }>(
        `select convert_to(title, 'UTF8') as title, convert_to(description, 'UTF8') as description
       from tasks.task_list where id = $1`,
        [id],
      );
      expect(stored).toEqual({ title: Buffer.from(sent.title), description: Buffer.from(sent.description) });
      const logged = await target.lab.database.one<{ title: string }>(
        `select data->>'title' as title from platform.events where stream_id = $1`,
        [id],
      );
      expect(logged.title).toBe(sent.title);
    });

    it.each([
      '2030-02-30',
      '2030-13-01T00:00:00Z',
      '2030-01-01T25:00:00Z',
      '2030-01-01T00:60:00Z',
      '2029-02-29',
      '0000-00-00',
      '+275760-09-13T00:00:00Z',
      '2030-W05-1',
      '1e9',
      'NaN',
      'now',
      'infinity',
      '1893456000000',
      '',
    ])('A09: "%s" is no date', async (date) => {
      const query = { path: `/api/v1/tasks?due_before=${encodeURIComponent(date)}` };
      const requests = [create({ title: 'x', due_date: date }), change({ due_date: date }), query];
      await target.refusesEach(requests, { status: 400 });
    });

    it.each([
      ['beyond all numbers', '1e400'],
      ['below zero', '-1'],
      ['with a fraction', '1.5'],
      ['that loses digits', '9007199254740993'],
      ['of 400 digits', '9'.repeat(400)],
      ['that is minus nothing', '-0'],
    ])('A09: a number %s is no text, id or date', async (_, number) => {
      const fields = ['title', 'description', 'priority', 'category_id', 'due_date'];
      await target.refusesEach(
        fields.map((field) => change(`{"${field}":${number}}`)),
        { status: 400 },
      );
    });
  });
