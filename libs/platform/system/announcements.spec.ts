import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';

import { EventSeal, type EventMessage } from '../messaging/cloud-event.js';
import { NotPublished } from '../messaging/command-publisher.js';
import { EventPublisher } from '../messaging/event-publisher.js';
import { Announcements } from './announcements.js';

const seal = new EventSeal(`one:${'s'.repeat(32)}`);

/** An exchange of events that may be away, refuse, or not answer at all. */
class Exchange extends EventPublisher {
  readonly offered: EventMessage[] = [];
  readonly kept: EventMessage[] = [];
  ready = true;
  refusals = 0;
  silent = false;

  async publish(message: EventMessage): Promise<void> {
    this.offered.push(message);
    if (this.silent) await new Promise(() => undefined);
    if (this.refusals-- > 0) throw new NotPublished('refused');
    this.kept.push(message);
  }

  async publishTo(): Promise<void> {
    throw new Error('nobody in particular is told');
  }

  async bind(): Promise<void> {}

  get types(): string[] {
    return this.kept.map(({ type }) => type);
  }
}

beforeAll(() => Logger.overrideLogger(false));

const started = 'system.service_started.v1';
const stopped = 'system.service_stopped.v1';

function announcing(exchange: Exchange, instance = newId()): Announcements {
  return new Announcements(instance, 'worker', ['tasks', 'store'], exchange, seal);
}

describe('A process', () => {
  it('tells once that it starts, and once that it stops', async () => {
    const exchange = new Exchange();
    const announcements = announcing(exchange);
    announcements.open();
    announcements.open();
    await eventually('it has started', () => exchange.kept.length === 1);
    await announcements.close();
    expect(exchange.types).toEqual([started, stopped]);
  });

  it('says who it is, in a signed CloudEvent', async () => {
    const exchange = new Exchange();
    const instance = newId();
    announcing(exchange, instance).open();
    await eventually('it has started', () => exchange.kept.length === 1);
    const [{ headers, body }] = exchange.kept as [EventMessage];
    expect(seal.open(headers, body)).toMatchObject({
      event: {
        specversion: '1.0',
        type: started,
        source: '/contextflow/system',
        subject: instance,
        sequence: '1',
        actor: 'system:worker',
        data: { instance_id: instance, service: 'worker', pid: process.pid, contexts: ['tasks', 'store'] },
      },
    });
  });

  it('waits for the exchange, and tells again what was refused, as the same event', async () => {
    const exchange = new Exchange();
    exchange.ready = false;
    exchange.refusals = 1;
    announcing(exchange).open();
    exchange.ready = true;
    await eventually('it has started', () => exchange.kept.length === 1);
    expect(exchange.types).toEqual([started]);
    expect(exchange.offered).toHaveLength(2);
    expect(new Set(exchange.offered.map(({ id }) => id)).size).toBe(1);
  });

  it('does not say that it stops when nobody heard that it had started', async () => {
    const exchange = new Exchange();
    exchange.ready = false;
    const announcements = announcing(exchange);
    announcements.open();
    await announcements.close();
    expect(exchange.offered).toEqual([]);
    const never = announcing(exchange);
    await never.close();
    expect(exchange.offered).toEqual([]);
  });

  it('ends all the same when nobody answers', async () => {
    const exchange = new Exchange();
    const announcements = announcing(exchange);
    announcements.open();
    await eventually('it has started', () => exchange.kept.length === 1);
    exchange.silent = true;
    const began = performance.now();
    await announcements.close();
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('ends all the same when nobody has answered its start', async () => {
    const exchange = new Exchange();
    exchange.silent = true;
    const announcements = announcing(exchange);
    announcements.open();
    await eventually('it is telling', () => exchange.offered.length === 1);
    const ended = await Promise.race([announcements.close().then(() => 'ended'), afterSeconds(3)]);
    expect(ended).toBe('ended');
  });
});

const afterSeconds = (seconds: number): Promise<string> =>
  new Promise((resolve) => setTimeout(() => resolve('it hangs'), seconds * 1_000).unref());
