import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { Person, type Answer } from '#testing/person.js';

import type { Installation } from '../installation.js';

const wait = { prefer: 'wait=10' };
/** Milliseconds in which every instance of the API must know that a token is revoked. */
const atOnce = 5_000;

/** What an answer tells; its time, its ids and the path that was asked for are its own. */
const told = ({ status, headers, body }: Answer) => {
  const { instance: _, correlation_id: __, ...rest } = body;
  return { status, headers: Object.keys(headers).sort(), body: rest };
};

/** How far apart some times are, at their medians and at their fastest, as a share of the shorter. */
const spreads = (times: readonly (readonly number[])[]): number[] =>
  [0.5, 0].map((quantile) => {
    const seen = times.map(
      (some) => [...some].sort((one, other) => one - other)[Math.floor(some.length * quantile)] ?? 0,
    );
    return Math.max(...seen) / Math.min(...seen) - 1;
  });

export const identity = (installation: () => Installation): void =>
  describe('Whoever is not who they say', () => {
    let admin: Client;
    const people: Person[] = [];

    beforeAll(() => {
      const { lab, api } = installation();
      admin = lab.client(newId(), { api, roles: ['user', 'admin'] });
    });
    const forgive = (): Promise<unknown> => installation().lab.database.query('delete from auth.limits');
    beforeEach(forgive);
    afterAll(async () => {
      for (const person of people) person.close();
      await forgive();
    });

    function somebody(api = installation().api): Person {
      const person = new Person(api, installation().lab.database, installation().environment.ENCRYPTION_KEYS);
      people.push(person);
      return person;
    }

    function elsewhere(person: Person): Person {
      const same = person.another(installation().closedApi);
      people.push(same);
      same.accessToken = person.accessToken;
      return same;
    }

    const isOut = (person: Person): Promise<boolean> =>
      eventually('the token is refused', async () => (await person.get('/auth/me')).status === 401, { within: atOnce });

    describe('with a token that was good', () => {
      it.each([
        ['logged out', (ada: Person) => ada.post('/auth/logout')],
        ['logged out everywhere', (ada: Person) => ada.post('/auth/logout-all')],
        ['deactivated themselves', (ada: Person) => ada.post(`/users/${ada.id}/deactivate`, undefined, wait)],
        ['was deactivated', (ada: Person) => admin.post(`/users/${ada.id}/deactivate`, undefined, wait)],
        ['was deleted', (ada: Person) => ada.send('DELETE', `/users/${ada.id}`, undefined, wait)],
      ])('A14: is refused by every instance within 5 s after its holder %s', async (_, end) => {
        const ada = await somebody().join();
        const other = elsewhere(ada);
        expect((await other.get('/auth/me')).status).toBe(200);
        expect((await end(ada)).status).toBeLessThan(300);
        await Promise.all([isOut(ada), isOut(other)]);
        expect((await ada.refresh()).status).toBe(401);
        const change = await other.send('POST', '/tasks', { title: 'Too late' });
        expect(change.status).toBe(401);
      });

      it('A14: has no role any more within 5 s after it was revoked', async () => {
        const [ada, other] = [await somebody().join(), await somebody().join()];
        for (const { id } of [ada, other]) await admin.post(`/auth/users/${id}/roles/admin`, undefined, wait);
        await ada.refresh();
        const device = elsewhere(ada);
        expect((await device.get('/users')).status).toBe(200);
        await other.refresh();
        expect((await other.send('DELETE', `/auth/users/${ada.id}/roles/admin`, undefined, wait)).status).toBe(204);
        await Promise.all([isOut(ada), isOut(device)]);
        expect((await ada.refresh()).status).toBe(200);
        expect((await ada.get('/users')).status).toBe(403);
      });
    });

    describe('with a refresh token', () => {
      it('A15: gets one chain of successors, however many ask at once, wherever', async () => {
        const ada = await somebody().join();
        const other = elsewhere(ada);
        const token = ada.refreshToken as string;
        const ask = (n: number): Promise<Answer> =>
          (n % 2 ? ada : other).post('/auth/refresh', { refresh_token: token });
        const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n)));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
        const successors = new Set(answers.map(({ body }) => body.refresh_token as string));
        expect(successors.size).toBe(1);
        expect((await ada.refresh([...successors][0])).status).toBe(200);
      });

      it('A15: ends the session when they use one that was used, with all its tokens', async () => {
        const ada = await somebody().join();
        const other = elsewhere(ada);
        const stolen = ada.refreshToken;
        await ada.refresh();
        await installation().lab.database.query(
          `update auth.sessions set rotated_at = rotated_at - interval '11 seconds' where account_id = $1`,
          [ada.id],
        );
        const reused = { status: 401, body: { reason: 'refresh_token_reused' } };
        expect(await other.post('/auth/refresh', { refresh_token: stolen })).toMatchObject(reused);
        await Promise.all([isOut(ada), isOut(elsewhere(ada))]);
        expect(await ada.refresh()).toMatchObject(reused);
        expect((await ada.login()).status).toBe(200);
      });

      it('A15: that was never issued ends nothing', async () => {
        const ada = await somebody().join();
        const forged = Buffer.from(ada.refreshToken as string, 'base64url')
          .fill(7, 20)
          .toString('base64url');
        for (const token of [forged, 'x', '', ada.accessToken as string])
          expect((await ada.post('/auth/refresh', { refresh_token: token })).status).toBeGreaterThanOrEqual(400);
        expect((await ada.refresh()).status).toBe(200);
      });
    });

    describe('who looks for accounts', () => {
      /**
       * Asks in turn until the times are within 10 % of each other, at their medians or at their fastest. Other processes
       * slow some answers down; what gives an account away does so every time, however often it is asked.
       */
      async function expectSameTime(asks: readonly (() => Promise<Answer>)[], least: number): Promise<void> {
        const times: number[][] = asks.map(() => []);
        const end = performance.now() + 45_000;
        for (let round = 1; round <= least || Math.min(...spreads(times)) > 0.1; round++) {
          if (performance.now() > end)
            throw new Error(
              `the times differ by ${spreads(times)
                .map((spread) => `${Math.round(spread * 100)} %`)
                .join(', ')}`,
            );
          for (const [at, ask] of asks.entries()) {
            await forgive();
            const started = performance.now();
            await ask();
            times[at]?.push(performance.now() - started);
          }
        }
      }

      it('A16: learns nothing by signing in, from neither the answer nor its time', async () => {
        const [ada, inactive, asker] = [await somebody().join(), await somebody().join(), somebody()];
        await admin.post(`/users/${inactive.id}/deactivate`, undefined, wait);
        const asks = [
          { email: ada.email, password: 'not the password' },
          { username: ada.username, password: 'not the password' },
          { email: inactive.email, password: inactive.password },
          { email: `nobody.${ada.email}`, password: ada.password },
          { username: 'nobody_at_all', password: ada.password },
        ].map((credentials) => () => asker.post('/auth/login', credentials));
        const answers = await Promise.all(asks.map((ask) => ask()));
        for (const answer of answers) expect(told(answer)).toEqual(told(answers[0] as Answer));
        expect(answers[0]).toMatchObject({ status: 401, body: { reason: 'invalid_credentials' } });
        await expectSameTime(asks, 5);
      });

      it('A16: learns nothing by failing too often: a name is locked whether or not anybody has it', async () => {
        const [ada, asker] = [await somebody().join(), somebody()];
        const locked: Answer[] = [];
        for (const email of [ada.email, `nobody.${ada.email}`]) {
          for (let n = 0; n < 5; n++) await asker.post('/auth/login', { email, password: 'not the password' });
          locked.push(await asker.post('/auth/login', { email, password: 'not the password' }));
        }
        expect(locked[0]).toMatchObject({ status: 429, body: { reason: 'account_locked' } });
        expect(told(locked[1] as Answer)).toEqual(told(locked[0] as Answer));
      });

      it('A16: learns nothing by a forgotten password, from neither the answer nor its time', async () => {
        const [ada, asker] = [await somebody().join(), somebody()];
        const asks = [ada.email, `nobody.${ada.email}`].map(
          (email) => () => asker.post('/auth/password/forgot', { email }),
        );
        const answers = await Promise.all(asks.map((ask) => ask()));
        expect(answers[0]?.status).toBe(202);
        expect(told(answers[1] as Answer)).toEqual(told(answers[0] as Answer));
        await expectSameTime(asks, 30);
      });

      it('A16: learns nothing by links that nobody has sent', async () => {
        const ada = await somebody().join();
        const asker = somebody();
        const forged = ['x', `${'A'.repeat(51)}.${'A'.repeat(43)}`];
        for (const token of forged) {
          expect(await asker.post('/auth/password/reset', { token, new_password: ada.password })).toMatchObject({
            status: 400,
            body: { reason: 'reset_token_invalid' },
          });
          expect(await asker.post('/auth/email/verify', { token })).toMatchObject({
            status: 400,
            body: { reason: 'verification_token_invalid' },
          });
        }
      });

      it('A16: gets a link neither by another’s request nor for another purpose', async () => {
        const ada = await somebody().join();
        await ada.post('/auth/password/forgot', { email: ada.email });
        const token = await ada.link('password_reset');
        expect((await ada.post('/auth/email/verify', { token })).status).toBe(400);
        await ada.post('/auth/password/change', { current_password: ada.password, new_password: 'staple, correct' });
        expect(await ada.post('/auth/password/reset', { token, new_password: 'horse, battery' })).toMatchObject({
          status: 400,
          body: { reason: 'reset_token_invalid' },
        });
      });
    });

    describe('who guesses passwords', () => {
      const quarter = 15 * 60;
      const pass = (seconds: number): Promise<unknown> =>
        installation().lab.database.query('update auth.limits set expire = expire - $1', [seconds * 1_000]);

      it('A17: is stopped after five, by every instance, with the right one too, and not for ever', async () => {
        const ada = await somebody().join();
        const [asker, other] = [somebody(), somebody(installation().closedApi)];
        const guess = (by: Person, password: string): Promise<Answer> =>
          by.post('/auth/login', { email: ada.email, password }, { 'x-forwarded-for': `203.0.113.${password.length}` });
        const guesses = await Promise.all(Array.from({ length: 5 }, (_, n) => guess(asker, `guess ${n}`)));
        expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401]));
        for (const by of [asker, other]) {
          const stopped = await guess(by, ada.password);
          expect(stopped).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', reason: 'account_locked' } });
          expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(quarter - 30);
        }
        expect((await ada.get('/auth/me')).status).toBe(200);
        await pass(quarter + 1);
        expect((await guess(asker, ada.password)).status).toBe(200);
      });

      it('A17: is stopped after a hundred from one address, whatever the names', async () => {
        const ada = await somebody().join();
        const asker = somebody();
        for (let sent = 0; sent < 100; sent += 10)
          await Promise.all(
            Array.from({ length: 10 }, (_, n) =>
              asker.post(
                '/auth/login',
                { email: `${sent + n}.${ada.email}`, password: 'a guess' },
                { 'x-forwarded-for': `203.0.113.${sent + n}` },
              ),
            ),
          );
        const stopped = await asker.post('/auth/login', { email: ada.email, password: ada.password });
        expect(stopped).toMatchObject({ status: 429, body: { reason: 'too_many_failures' } });
        expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(quarter - 60);
        await pass(quarter + 1);
        expect((await asker.login({ email: ada.email, password: ada.password })).status).toBe(200);
      });

      it('A17: is stopped with a stolen access token, too', async () => {
        const ada = await somebody().join();
        const change = (password: string): Promise<Answer> =>
          ada.post('/auth/password/change', { current_password: password, new_password: 'staple, correct, horse' });
        for (let n = 0; n < 5; n++) expect((await change(`guess ${n}`)).status).toBe(400);
        expect(await change(ada.password)).toMatchObject({ status: 429, body: { reason: 'account_locked' } });
      });

      it('A17: takes neither all memory nor all time by trying many at once', async () => {
        const { api } = installation();
        const asker = somebody();
        const most = (): number =>
          Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))?.[1]) / 1_024;
        const before = most();
        const flood = Promise.all(
          Array.from({ length: 300 }, (_, n) =>
            asker.post('/auth/login', { email: `${n}.${asker.email}`, password: 'x'.repeat(200_000) }),
          ),
        );
        const started = performance.now();
        expect((await admin.get('/tasks')).status).toBe(200);
        expect(performance.now() - started).toBeLessThan(5_000);
        const answers = await flood;
        const busy = answers.filter(({ status }) => status === 429);
        expect(busy.length).toBeGreaterThan(0);
        for (const { status, headers, body } of answers)
          if (status === 429)
            expect([body.reason, Number(headers['retry-after'])]).toEqual([
              expect.stringMatching(/^too_many_(sign_ins|failures)$/),
              expect.any(Number),
            ]);
          else expect(status).toBe(401);
        // 300 at once would take 5.7 GiB; two take 38 MiB, and the bodies 60.
        expect(most() - before).toBeLessThan(400);
      });
    });
  });
