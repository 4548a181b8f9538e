import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { AccessTokens } from '#platform/auth/access-tokens.js';
import { TokenKeys } from '#platform/auth/token-keys.js';
import { development } from '#platform/config/development.js';
import { EventStream } from '#testing/event-stream.js';
import { eventually } from '#testing/eventually.js';
import { scrape } from '#testing/scrape.js';
import { settleMany } from '#testing/settled-commands.js';

import { forgedToken } from '../forged-token.js';
import type { Installation } from '../installation.js';
import { Target } from '../target.js';

/** More than what lies between two processes of one machine on its own. */
const flood = { rows: 400, bytes: 20_000 };

export const streams = (installation: () => Installation): void =>
  describe('A stream of server-sent events', () => {
    let target: Target;
    const opened: EventStream[] = [];

    beforeAll(async () => {
      target = await Target.at(installation());
    });
    afterEach(() => {
      for (const stream of opened.splice(0)) stream.close();
    });

    async function listen(authorization: string, options?: Parameters<typeof EventStream.open>[2]) {
      const stream = await EventStream.open(target.port, authorization, options);
      opened.push(stream);
      return stream;
    }
    const closed = (stream: EventStream, within = 10_000): Promise<boolean> =>
      eventually('the stream is closed', () => stream.ended, { within });
    const dropped = async (): Promise<number> => {
      const { value } = await scrape(target.port, String(installation().environment.METRICS_TOKEN));
      return value('contextflow_streams_ended_total', { reason: 'slow' }) as number;
    };

    it('A26: is opened a hundred times by one user, five times with success, and others are served', async () => {
      const all = await Promise.all(Array.from({ length: 100 }, () => listen(target.owner.authorization)));
      const statuses = all.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(95);
      const refused = all.find(({ status }) => status === 429);
      expect(Number(refused?.response.headers['retry-after'])).toBeGreaterThan(0);
      target.expectRefusal(
        await target.owner.send({ path: '/api/v1/realtime', headers: { accept: 'text/event-stream' } }),
        { status: 429, reason: 'too_many_streams' },
      );
      const other = target.lab.client(newId());
      const theirs = await listen(other.authorization);
      const { command_id: id } = await other.command('/tasks', { title: 'in the flood' });
      await theirs.next('command', { command_id: id });
      expect(all.flatMap(({ events }) => events)).toEqual([]);
    });

    it('A26: has room again as soon as one was closed', async () => {
      const user = target.lab.client(newId());
      const mine = await Promise.all(Array.from({ length: 5 }, () => listen(user.authorization)));
      mine[0]?.close();
      await eventually('there is room', async () => (await listen(user.authorization)).status === 200);
    });

    it('A26: is dropped if its client does not read, while others of the same user are told all', async () => {
      const user = target.lab.client(newId());
      const slow = await listen(user.authorization, { reads: false });
      const good = await listen(user.authorization);
      const before = await dropped();
      const { database } = target.lab;
      await settleMany(database, user.userId, flood);
      await eventually('the good one is told', () => good.events.length === flood.rows);
      await settleMany(database, user.userId, { rows: 1, bytes: 1 });
      await eventually('the slow one is dropped', async () => (await dropped()) === before + 1);
      // What has reached its own machine it may still read, but not to the end.
      slow.response.resume();
      await closed(slow);
      expect(slow.response.complete).toBe(false);
      await eventually('the good one is told', () => good.events.length === flood.rows + 1);
      expect(good.ended).toBe(false);
    });

    it('A26: ends with the access token that it was opened with', async () => {
      const token = new AccessTokens(new TokenKeys(development.jwtKeys), 0.05).sign({ id: newId(), roles: ['user'] });
      const stream = await listen(`Bearer ${token.token}`);
      expect(stream.status).toBe(200);
      expect((await stream.next('expired')).data).toMatchObject({ reason: 'token_expired' });
      await closed(stream);
      expect((await listen(`Bearer ${token.token}`)).status).toBe(401);
    });

    it.each<[string, () => string]>([
      ['no good token', () => `Bearer ${forgedToken(newId(), { signature: () => Buffer.alloc(64, 1) })}`],
      ['an empty token', () => 'Bearer '],
    ])('A26: is not opened with %s', async (_, authorization) => {
      expect((await listen(authorization())).status).toBe(401);
    });

    it('A26: cannot be made to begin where somebody else’s ended, or at a place that was made up', async () => {
      const [user, other] = [target.lab.client(newId()), target.lab.client(newId())];
      const theirs = await listen(other.authorization);
      await eventually('it has begun', () => theirs.lastId !== '');
      for (const lastId of [
        theirs.lastId,
        '0',
        "' or 1=1 --",
        'x'.repeat(8_000),
        `${theirs.lastId}.${theirs.lastId}`,
      ]) {
        const stream = await listen(user.authorization, { lastId });
        expect((await stream.next('reset')).data).toMatchObject({ reason: 'unknown' });
        stream.close();
        await closed(stream);
      }
    });
  });
