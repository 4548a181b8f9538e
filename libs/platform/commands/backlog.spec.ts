import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { newId } from '#kernel';
import { FixedPartitions } from '#testing/doubles/fixed-partitions.js';

import type { QueueDepth, QueueDepths } from '../messaging/queue-depths.js';
import { Backlog } from './backlog.js';

Logger.overrideLogger(false);

/** Queues that are as deep as they are told to be. */
class ToldDepths implements QueueDepths {
  ready = 0;
  away = false;

  async read(): Promise<readonly QueueDepth[]> {
    if (this.away) throw new Error('RabbitMQ cannot be reached');
    return [{ context: 'tasks', partition: 0, ready: this.ready, consumers: 1 }];
  }
}

/** What a worker says that it is done with. */
class ToldProgress {
  count: number | undefined = 0;

  async done(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.count === undefined ? [] : [['tasks.1.0', this.count]]);
  }
}

const partitions = new FixedPartitions(new Map([['tasks', 1]]));
const limit = 100;
const lane = newId();

let queues: ToldDepths;
let progress: ToldProgress;
let backlog: Backlog;

beforeEach(() => {
  queues = new ToldDepths();
  progress = new ToldProgress();
  backlog = new Backlog(queues, progress, partitions, limit);
});

async function waiting(ready: number, seconds = 0): Promise<void> {
  queues.ready = ready;
  await backlog.look(() => seconds * 1_000);
}

const admitted = (): boolean => backlog.admit('tasks', lane) === undefined;

describe('A partition', () => {
  it('takes commands while nobody knows how many wait in it', () => {
    for (let n = 0; n < 2 * limit; n++) expect(admitted()).toBe(true);
  });

  it('is full when as many wait as may', async () => {
    await waiting(limit - 1);
    expect(admitted()).toBe(true);
    await waiting(limit);
    expect(admitted()).toBe(false);
  });

  it('is full as soon as enough were sent since the last look', async () => {
    await waiting(limit - 3);
    expect([admitted(), admitted(), admitted(), admitted()]).toEqual([true, true, true, false]);
  });

  it('takes commands again when a quarter has been worked off, not before', async () => {
    await waiting(limit);
    await waiting(76);
    expect(admitted()).toBe(false);
    await waiting(75);
    expect(admitted()).toBe(true);
  });

  it('that another context has is not its business', async () => {
    await waiting(limit);
    expect(backlog.admit('labour', lane)).toBeUndefined();
  });

  it('is not known to be full any more once the broker has been away', async () => {
    await waiting(limit);
    queues.away = true;
    await backlog.look();
    expect(admitted()).toBe(true);
  });
});

describe('Whoever is sent away', () => {
  const told = (): number | undefined => backlog.admit('tasks', lane)?.retryAfter;

  it('is told when there will be room, from how fast the worker gets on', async () => {
    await waiting(limit, 0);
    progress.count = 10;
    await waiting(limit, 2);
    expect(told()).toBe(5);
    progress.count = 60;
    await waiting(limit, 4);
    expect(told()).toBe(2);
  });

  it('is to come back after a minute when nothing moves, or nobody knows', async () => {
    await waiting(limit, 0);
    expect(told()).toBe(60);
    await waiting(limit, 2);
    expect(told()).toBe(60);
    progress.count = undefined;
    await waiting(limit, 4);
    expect(told()).toBe(60);
  });

  it('is never told to come back at once', async () => {
    await waiting(limit, 0);
    progress.count = 1_000_000;
    await waiting(limit, 2);
    expect(told()).toBe(1);
  });
});
