import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { eventually } from '#testing/eventually.js';

import type { Database } from '../database/database.js';
import { armFailpoints } from '../failpoints/failpoint.js';
import { CommandPublisher, NotPublished } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import { PersistentSender } from '../policies/persistent-sender.js';
import { ScheduledCommands } from './scheduled-commands.js';
import { Scheduler } from './scheduler.js';

let world: ConnectedDatabase;
let database: Database;
let scheduled: ScheduledCommands;
const open: { close(): Promise<void> }[] = [];

/** A broker that keeps what it is sent, when it is there. */
class Broker extends CommandPublisher {
  readonly ready = true;
  readonly kept: { readonly id: string; readonly at: number; readonly acceptedAt: Date }[] = [];
  away = false;
  tries = 0;
  /** Takes nothing of this type. */
  refused = '';

  async publish({ id, type, acceptedAt }: Envelope): Promise<void> {
    this.tries++;
    if (this.away || type === this.refused) throw new NotPublished('unreachable');
    this.kept.push({ id, at: Date.now(), acceptedAt });
  }

  get ids(): string[] {
    return this.kept.map(({ id }) => id);
  }
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create();
  database = await world.connect();
  scheduled = new ScheduledCommands(database);
});
beforeEach(() => world.rows.query('delete from platform.scheduled_commands'));
afterEach(async () => {
  armFailpoints('');
  await Promise.all(open.splice(0).map((one) => one.close()));
});
afterAll(() => world.remove());

async function start(broker: Broker, changing?: string): Promise<{ scheduler: Scheduler; sender: PersistentSender }> {
  const sender = new PersistentSender(broker);
  const scheduler = new Scheduler(database, new ScheduledCommands(database), sender, {
    known: new Map([
      ['tasks', 8],
      ['labour', 8],
    ]),
    changing: (context) => context === changing,
  });
  open.push({
    close: () => {
      sender.close();
      return scheduler.close();
    },
  });
  await scheduler.open();
  return { scheduler, sender };
}

async function schedule(
  milliseconds: number,
  fields: Partial<Envelope> = { type: 'tasks.remind_of_due_date.v1' },
): Promise<{ id: string; at: Date }> {
  const envelope = sampleEnvelope(fields);
  const at = new Date(Date.now() + milliseconds);
  await scheduled.schedule(envelope, at, { stream: `tasks.task ${envelope.lane}`, version: 1 });
  return { id: envelope.id, at };
}

const unsent = async (): Promise<number> =>
  (
    await world.rows.one<{ count: number }>(
      'select count(*)::int as count from platform.scheduled_commands where published_at is null',
    )
  ).count;
const allMarked = (): Promise<unknown> => eventually('all are marked', async () => (await unsent()) === 0);

describe('The scheduler', () => {
  it('sends what is due, the longest due first of a time, and marks it', async () => {
    const [second, first] = [await schedule(-1_000), await schedule(-2_000)];
    const broker = new Broker();
    await start(broker);
    await allMarked();
    expect(broker.ids).toEqual([first.id, second.id]);
  });

  it('sends each at its time, not before and soon after, and each once', async () => {
    const broker = new Broker();
    await start(broker);
    const wanted = [await schedule(700), await schedule(300), await schedule(1_100)];
    await allMarked();
    expect(broker.ids).toEqual([wanted[1], wanted[0], wanted[2]].map((one) => one?.id));
    for (const { id, at } of wanted) {
      const sent = broker.kept.find((one) => one.id === id);
      expect(sent?.at).toBeGreaterThanOrEqual(at.getTime());
      expect(sent?.at).toBeLessThan(at.getTime() + 1_000);
      expect(sent?.acceptedAt).toEqual(at);
    }
  });

  it('sends more than it takes at a time', async () => {
    const envelopes = Array.from({ length: 1_100 }, () => sampleEnvelope());
    await Promise.all(
      envelopes.map((envelope) =>
        scheduled.schedule(envelope, new Date(Date.now() - 1_000), {
          stream: `tasks.task ${envelope.lane}`,
          version: 1,
        }),
      ),
    );
    const broker = new Broker();
    await start(broker);
    await allMarked();
    expect(broker.ids.toSorted()).toEqual(envelopes.map(({ id }) => id).toSorted());
  });

  it('sends what can be sent, however many that cannot have been due for longer', async () => {
    const stuck = Array.from({ length: 600 }, () => schedule(-60_000, { type: 'tasks.archive_task.v1' }));
    await Promise.all(stuck);
    const broker = new Broker();
    broker.refused = 'tasks.archive_task.v1';
    await start(broker);
    await eventually('some are under way', () => broker.tries >= 500);
    const { id } = await schedule(-1_000);
    await eventually('it is sent', () => broker.ids.includes(id));
    expect(await unsent()).toBeGreaterThanOrEqual(600);
  });

  it('leaves what is for a context that takes nothing at present, until that does', async () => {
    await schedule(-60_000, { context: 'labour' });
    const { id } = await schedule(-1_000);
    const broker = new Broker();
    const { scheduler } = await start(broker, 'labour');
    await eventually('the other is sent', () => broker.ids.includes(id));
    await scheduler.close();
    expect([broker.tries, await unsent()]).toEqual([1, 1]);
    await start(broker);
    await allMarked();
  });

  it('sends nothing new when there are two: copies have one id', async () => {
    const wanted = await Promise.all(Array.from({ length: 20 }, () => schedule(300)));
    const broker = new Broker();
    await Promise.all([start(broker), start(broker)]);
    await allMarked();
    expect(new Set(broker.ids)).toEqual(new Set(wanted.map(({ id }) => id)));
    expect(broker.ids.length).toBeLessThanOrEqual(2 * wanted.length);
  });

  it('sends a command again, under its id, when it failed before it had marked it', async () => {
    const { id } = await schedule(-1_000);
    const broker = new Broker();
    armFailpoints('scheduler.before_mark=throw@1');
    await start(broker);
    await allMarked();
    armFailpoints('');
    expect(broker.ids).toEqual([id, id]);
  });

  it('keeps what is due while the broker is away, and sends it once when that is back', async () => {
    const broker = new Broker();
    broker.away = true;
    const { id } = await schedule(-1_000);
    await start(broker);
    await eventually('it has tried', () => broker.tries > 1);
    expect(await unsent()).toBe(1);
    broker.away = false;
    await allMarked();
    expect(broker.ids).toEqual([id]);
  });

  it('closes at once while the broker is away, when the process ends', async () => {
    const broker = new Broker();
    broker.away = true;
    await schedule(-1_000);
    const { scheduler, sender } = await start(broker);
    await eventually('it has tried', () => broker.tries > 1);
    const began = performance.now();
    sender.close();
    await scheduler.close();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await unsent()).toBe(1);
  });

  it('closes at once while it waits for the next one', async () => {
    await schedule(3_600_000);
    const { scheduler } = await start(new Broker());
    const began = performance.now();
    await scheduler.close();
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(scheduler.closed).toBe(true);
  });

  it('does not send what was cancelled meanwhile', async () => {
    const broker = new Broker();
    const [kept, cancelled] = [await schedule(600), await schedule(400)];
    await start(broker);
    expect(await scheduled.cancel(cancelled.id, { id: randomUUID(), correlationId: 'by-hand' })).toBe('cancelled');
    await allMarked();
    expect(broker.ids).toEqual([kept.id]);
  });
});
