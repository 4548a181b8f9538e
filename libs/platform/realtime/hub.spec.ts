import { PassThrough } from 'node:stream';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { BoxFilled, BoxPacked } from '#testing/doubles/boxes.js';
import { InMemoryLiveLog, InMemorySettledCommands } from '#testing/doubles/in-memory-live-sources.js';
import { EventParser, type StreamEvent } from '#testing/event-stream.js';
import { eventually } from '#testing/eventually.js';

import type { VerifiedToken } from '../auth/authenticated-user.js';
import { DatabaseUnavailable } from '../database/errors.js';
import { Cursors } from '../http/cursors.js';
import { Metrics } from '../observability/metrics.js';
import { AlarmClock } from '../resilience/alarm-clock.js';
import { Hub, type HubTimes } from './hub.js';
import { live, type LiveView } from './live-view.js';
import { LiveViews } from './live-views.js';
import { StreamMetrics } from './stream-metrics.js';
import { StreamPlaces, type Place } from './stream-places.js';

const ann = '0196a1de-0000-7000-8000-00000000000a';
const bob = '0196a1de-0000-7000-8000-00000000000b';
const boxId = '0196a1de-0000-7000-8000-000000000001';
const seconds = 1_000;

const quick: HubTimes = {
  pause: { least: 1, most: 5 },
  trouble: 5,
  heartbeat: 60 * seconds,
  tick: 5,
  patience: 30,
  farewell: 50,
  lastFarewell: 20,
};

class QuietBell extends AlarmClock {
  async close(): Promise<void> {
    this.wake();
  }
}

/** Who follows each box: the context's own rows. */
class Followers {
  readonly ids = new Map<string, readonly string[]>();
  async of(box: string): Promise<readonly string[]> {
    return this.ids.get(box) ?? [];
  }
}

/** What a client gets over a connection that it reads, or does not. */
class Listener extends EventParser {
  readonly carrier = new PassThrough();

  hear(): this {
    this.carrier.setEncoding('utf8').on('data', (some: string) => this.read(some));
    return this;
  }

  get ended(): boolean {
    return this.carrier.destroyed || this.carrier.readableEnded;
  }

  of(event: string): StreamEvent['data'][] {
    return this.events.filter((one) => one.event === event).map(({ data }) => data);
  }
}

let commands: InMemorySettledCommands;
let log: InMemoryLiveLog;
let followers: Followers;
let revoked: Set<string>;
let metrics: Metrics;
let hubs: Hub[];
const places = new StreamPlaces(new Cursors('a secret of these tests, long enough'));

beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => {
  commands = new InMemorySettledCommands();
  log = new InMemoryLiveLog();
  followers = new Followers();
  revoked = new Set();
  metrics = new Metrics('api', '1');
  hubs = [];
});
afterEach(() => Promise.all(hubs.map(end)));
afterAll(() => Logger.overrideLogger(new Logger()));

async function end(hub: Hub): Promise<void> {
  hub.onModuleDestroy();
  await hub.beforeApplicationShutdown();
}

const views: readonly LiveView[] = [
  live(BoxFilled, {
    name: 'box',
    from: Followers,
    to: ({ boxId: box }, rows) => rows.of(box),
    view: ({ items }, { eventId, version }) => ({ event_id: eventId, version, items }),
  }),
];

interface HubOptions {
  readonly times?: Partial<HubTimes>;
  readonly limits?: { readonly user: number; readonly all: number };
  readonly shows?: readonly LiveView[];
}

function start({ times, limits, shows = views }: HubOptions = {}): Hub {
  const hub = new Hub(
    {
      commands,
      log,
      views: new LiveViews(shows, { get: () => followers as never }),
      places,
      isRevoked: ({ sid = '' }) => revoked.has(sid),
      bell: () => new QuietBell(),
      metrics: new StreamMetrics(hubs.length > 0 ? new Metrics('api', '1') : metrics),
    },
    { ...quick, ...times },
    limits,
  );
  hubs.push(hub);
  return hub;
}

function tokenOf(id: string, more: Partial<VerifiedToken> = {}): VerifiedToken {
  const now = Math.floor(Date.now() / seconds);
  return { id, roles: ['user'], iat: now, exp: now + 600, ...more };
}

/** Opens a stream as the controller and Fastify do. */
async function listen(hub: Hub, token: VerifiedToken, lastId?: string, reads = true): Promise<Listener> {
  const listener = new Listener();
  const { body } = await hub.open(token, listener.carrier, lastId);
  body.on('close', () => !body.readableEnded && listener.carrier.destroy()).pipe(listener.carrier);
  return reads ? listener.hear() : listener;
}

const told = (listener: Listener, event: string, count = 1): Promise<StreamEvent['data'][]> =>
  eventually(
    `${count} ${event}`,
    () => {
      const all = listener.of(event);
      return all.length >= count && all;
    },
    { within: 2_000, every: 2 },
  );
const ended = (listener: Listener): Promise<boolean> =>
  eventually('the stream has ended', () => listener.ended, { within: 2_000, every: 2 });
/** All that there was has been told: another look has found nothing more. */
async function quiet(): Promise<void> {
  const before = commands.looks;
  await eventually('there were two looks', () => commands.looks >= before + 3, { within: 2_000, every: 2 });
}

describe('A stream', () => {
  it('tells users what became of their own commands, as GET /commands/{id} does, and of nobody else’s', async () => {
    const hub = start();
    const [a, b] = [await listen(hub, tokenOf(ann)), await listen(hub, tokenOf(bob))];
    const mine = commands.settle(ann);
    const theirs = commands.settle(bob, Date.now(), {
      status: 'rejected',
      result: null,
      problem: { kind: 'rule_violation', reason: 'box_full', detail: 'the box is full' },
      correlation_id: 'c1',
    });
    const [first] = await told(a, 'command');
    expect(first).toEqual({
      command_id: mine.id,
      type: mine.type,
      resource_id: mine.resource_id,
      status: 'succeeded',
      accepted_at: mine.accepted_at.toISOString(),
      settled_at: mine.settled_at.toISOString(),
      attempts: 1,
      result: { version: 1, created: true },
      links: { self: `/api/v1/commands/${mine.id}` },
    });
    const [second] = await told(b, 'command');
    expect(second).toMatchObject({
      command_id: theirs.id,
      status: 'rejected',
      problem: { status: 400, code: 'RULE_VIOLATION', reason: 'box_full', correlation_id: 'c1' },
    });
    await quiet();
    expect([a.events.length, b.events.length]).toEqual([1, 1]);
  });

  it('tells nothing of what was settled before it was opened', async () => {
    const hub = start();
    commands.settle(ann);
    await listen(hub, tokenOf(ann));
    commands.settle(ann);
    const second = await listen(hub, tokenOf(ann));
    await quiet();
    const { id } = commands.settle(ann);
    await told(second, 'command');
    expect(second.of('command')).toMatchObject([{ command_id: id }]);
  });

  it('tells each outcome once, also one that became visible after later ones', async () => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann));
    const now = Date.now();
    for (let n = 0; n < 5; n++) commands.settle(ann, now + n);
    await told(listener, 'command', 5);
    const late = commands.settle(ann, now - 500);
    await told(listener, 'command', 6);
    await quiet();
    const ids = listener.of('command').map(({ command_id: id }) => id);
    expect(ids).toHaveLength(6);
    expect(ids.at(-1)).toBe(late.id);
  });

  it('tells of more outcomes than are read at a time, in their order', async () => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann));
    const now = Date.now();
    const settled = Array.from({ length: 2_500 }, (_, n) => commands.settle(ann, now + Math.floor(n / 10)));
    await told(listener, 'command', 2_500);
    expect(listener.of('command').map(({ command_id: id }) => id)).toEqual(settled.map(({ id }) => id));
  });

  it('tells of events to whom they concern, as rows of the context say', async () => {
    const hub = start();
    followers.ids.set(boxId, [bob, bob]);
    const [a, b] = [await listen(hub, tokenOf(ann)), await listen(hub, tokenOf(bob))];
    log.append(new BoxPacked({ boxId, label: 'books' }));
    log.append(new BoxFilled({ boxId, items: 3 }));
    expect(await told(b, 'box')).toEqual([{ event_id: expect.any(String), version: 2, items: 3 }]);
    await quiet();
    expect([a.events, b.events.length]).toEqual([[], 1]);
  });

  it('goes on when a view cannot be made', async () => {
    const hub = start({
      shows: [
        live(BoxFilled, {
          name: 'broken',
          to: () => [ann],
          view: () => {
            throw new Error('no view');
          },
        }),
        live(BoxFilled, { name: 'box', to: () => [ann], view: ({ items }) => ({ items }) }),
      ],
    });
    const listener = await listen(hub, tokenOf(ann));
    log.append(new BoxFilled({ boxId, items: 1 }));
    log.append(new BoxFilled({ boxId, items: 2 }));
    await told(listener, 'box', 2);
    expect(listener.events.map(({ event }) => event)).toEqual(['box', 'box']);
  });

  it('lives through a time without a database, and tells then what happened in it', async () => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann));
    commands.trouble = new DatabaseUnavailable();
    await quiet();
    const { id } = commands.settle(ann);
    expect(listener.events).toEqual([]);
    commands.trouble = undefined;
    expect(await told(listener, 'command')).toMatchObject([{ command_id: id }]);
  });

  it('is not opened while it cannot be known where it begins, and takes no place', async () => {
    const hub = start({ limits: { user: 1, all: 1 } });
    commands.trouble = new DatabaseUnavailable();
    await expect(listen(hub, tokenOf(ann))).rejects.toThrow(DatabaseUnavailable);
    commands.trouble = undefined;
    await listen(hub, tokenOf(ann));
  });

  it('says at times that it lives, and where to go on', async () => {
    const hub = start({ times: { heartbeat: 10 } });
    const listener = await listen(hub, tokenOf(ann));
    const first = listener.lastId;
    await eventually('it lives', () => listener.comments > 2, { within: 2_000, every: 2 });
    expect(listener.lastId).not.toBe(first);
    expect(listener.events).toEqual([]);
  });
});

describe('Whoever comes back', () => {
  it('is told what happened meanwhile, by whatever instance, and not what came long before', async () => {
    const [one, two] = [start(), start()];
    followers.ids.set(boxId, [ann]);
    commands.settle(ann, Date.now() - 60 * seconds);
    const before = await listen(one, tokenOf(ann));
    const seen = commands.settle(ann);
    log.append(new BoxFilled({ boxId, items: 1 }));
    await Promise.all([told(before, 'command'), told(before, 'box')]);
    before.carrier.destroy();
    const missed = commands.settle(ann);
    const foreign = commands.settle(bob);
    log.append(new BoxFilled({ boxId, items: 2 }));
    const after = await listen(two, tokenOf(ann), before.lastId);
    await Promise.all([told(after, 'command'), told(after, 'box')]);
    await quiet();
    const ids = after.of('command').map(({ command_id: id }) => id);
    // The seconds before are told again: something may have become visible late.
    expect(ids).toEqual([seen.id, missed.id]);
    expect(ids).not.toContain(foreign.id);
    expect(after.of('box').map(({ items }) => items)).toEqual([2]);
    expect(after.of('reset')).toEqual([]);
  });

  it('is told of an event again of which only a part was told', async () => {
    const both = [1, 2].map((n) =>
      live(BoxFilled, { name: n === 1 ? 'one' : 'two', to: () => [ann], view: ({ items }) => ({ items }) }),
    );
    const hub = start({ shows: both });
    const listener = await listen(hub, tokenOf(ann));
    log.append(new BoxFilled({ boxId, items: 1 }));
    await told(listener, 'two');
    const [first, second] = listener.events;
    const again = await listen(hub, tokenOf(ann), first?.id);
    expect(await told(again, 'two')).toEqual([{ items: 1 }]);
    const notAgain = await listen(hub, tokenOf(ann), second?.id);
    await quiet();
    expect(notAgain.events).toEqual([]);
  });

  it.each([
    ['unknown', () => 'made up'],
    ['unknown', () => places.idOf(bob, { settled: Date.now(), cursor: { era: 1, xid: '1', position: '1' } })],
    ['too_old', () => places.idOf(ann, longAgo())],
    [
      'too_much',
      () => {
        const problem = { kind: 'rule_violation', reason: 'long', detail: 'x'.repeat(300_000) } as const;
        for (let n = 0; n < 2; n++) commands.settle(ann, Date.now(), { status: 'rejected', problem });
        return places.idOf(ann, { ...longAgo(), settled: Date.now() - 1 });
      },
    ],
    [
      'too_much',
      () => {
        for (let n = 0; n < 1_001; n++) commands.settle(ann);
        return places.idOf(ann, { ...longAgo(), settled: Date.now() - 1 });
      },
    ],
  ])('is told to read again where it cannot be told: %s', async (reason, lastId) => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann), lastId());
    expect(await told(listener, 'reset')).toMatchObject([{ reason, detail: expect.stringContaining('read again') }]);
    expect(listener.events[0]?.event).toBe('reset');
    const { id } = commands.settle(ann);
    await eventually('it is told what is new', () => listener.of('command').some((one) => one.command_id === id));
  });

  const longAgo = (): Place => ({ settled: Date.now() - 301 * seconds, cursor: { era: 1, xid: '1', position: '1' } });
});

describe('The hub', () => {
  it('lets a user have so many streams and no more, until one is closed', async () => {
    const hub = start({ limits: { user: 2, all: 3 } });
    const [first] = [await listen(hub, tokenOf(ann)), await listen(hub, tokenOf(ann))];
    const refused = { details: { code: 'RATE_LIMITED', reason: 'too_many_streams', headers: { 'Retry-After': '10' } } };
    await expect(listen(hub, tokenOf(ann))).rejects.toMatchObject(refused);
    await listen(hub, tokenOf(bob));
    await expect(listen(hub, tokenOf(bob))).rejects.toMatchObject({ details: { reason: 'too_many_streams' } });
    first?.carrier.destroy();
    await eventually('there is room', () => listen(hub, tokenOf(ann)), { within: 2_000, every: 5 });
  });

  it('drops a client that does not read, and not one that has much to read', async () => {
    const hub = start();
    const [slow, other] = [await listen(hub, tokenOf(ann), undefined, false), await listen(hub, tokenOf(ann))];
    for (let n = 0; n < 400; n++) commands.settle(ann);
    await told(other, 'command', 400);
    await eventually(
      'the slow one is dropped',
      () => {
        commands.settle(ann);
        return slow.ended;
      },
      { within: 2_000, every: 5 },
    );
    const { id } = commands.settle(ann);
    await eventually('the other is told on', () => other.of('command').some((one) => one.command_id === id));
    expect(slow.carrier.destroyed).toBe(true);
    expect(await metrics.text()).toContain('contextflow_streams_ended_total{reason="slow"} 1');
    expect(await metrics.text()).toContain('contextflow_streams_open 1');
  });

  it('drops at once a client that leaves very much, however patient it is', async () => {
    const hub = start({ times: { patience: 60 * seconds } });
    const slow = await listen(hub, tokenOf(ann), undefined, false);
    const detail = 'x'.repeat(20_000);
    const problem = { kind: 'rule_violation', reason: 'much', detail } as const;
    for (let n = 0; n < 60; n++) commands.settle(ann, Date.now(), { status: 'rejected', problem });
    await quiet();
    expect(slow.ended).toBe(false);
    commands.settle(ann);
    await ended(slow);
  });

  it('ends a stream with its access token', async () => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann, { exp: Math.floor(Date.now() / seconds) + 1 }));
    expect(await told(listener, 'expired')).toMatchObject([{ reason: 'token_expired' }]);
    await ended(listener);
  });

  it('ends a stream whose session was revoked, and no other', async () => {
    const hub = start();
    const [one, other] = [await listen(hub, tokenOf(ann, { sid: '1' })), await listen(hub, tokenOf(ann, { sid: '2' }))];
    revoked.add('1');
    expect(await told(one, 'expired')).toMatchObject([{ reason: 'token_revoked' }]);
    await ended(one);
    expect(other.ended).toBe(false);
  });

  it('cuts the connection of a client that does not even take its last words', async () => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann, { sid: '1' }), undefined, false);
    for (let n = 0; n < 150; n++) commands.settle(ann);
    await quiet();
    revoked.add('1');
    await ended(listener);
    expect(await metrics.text()).toContain('contextflow_streams_ended_total{reason="revoked"} 1');
  });

  it('says at the end of the API when to come back, waits for nobody who does not listen, and takes nobody in', async () => {
    const hub = start();
    const [listener, deaf] = [await listen(hub, tokenOf(ann)), await listen(hub, tokenOf(bob), undefined, false)];
    for (let n = 0; n < 150; n++) commands.settle(bob);
    await quiet();
    await end(hub);
    await ended(listener);
    expect(listener.retry).not.toBe(2_000);
    expect(deaf.carrier.destroyed).toBe(true);
    await expect(listen(hub, tokenOf(ann))).rejects.toMatchObject({ details: { reason: 'closing' } });
  });

  it('asks nothing while nobody listens', async () => {
    const hub = start();
    const listener = await listen(hub, tokenOf(ann));
    await quiet();
    listener.carrier.destroy();
    await eventually('it rests', async () => {
      const before = commands.looks;
      await new Promise((resolve) => setTimeout(resolve, 30));
      return commands.looks === before;
    });
    const again = await listen(hub, tokenOf(ann));
    const { id } = commands.settle(ann);
    expect(await told(again, 'command')).toMatchObject([{ command_id: id }]);
  });
});
