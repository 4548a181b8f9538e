import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CommandHandler, type CommandBus } from '@nestjs/cqrs';
import { IsInt, IsUUID } from 'class-validator';

import { Command, DomainError, Message, ReachesOutside } from '#kernel';
import { Box } from '#testing/doubles/boxes.js';
import { InMemoryEventStore } from '#testing/doubles/in-memory-event-store.js';
import { InMemoryGroupCommit, type Mishap } from '#testing/doubles/in-memory-group-commit.js';
import { InMemoryLog } from '#testing/doubles/in-memory-log.js';
import { bodyOf, sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';

import type { Envelope } from '../messaging/envelope.js';
import { AggregateCache, AggregateCaches } from './aggregate-caches.js';
import { EventSourcedRepository } from './aggregate-repository.js';
import { CommandRunner, type End } from './command-runner.js';
import { Committer } from './committer.js';
import { InlineProjections } from './inline-projections.js';
import { OutsideHandlers } from './outside-handlers.js';
import { unitOfWork, type UnitOfWork } from './unit-of-work.js';

@Command('store.pack_box.v1', 'boxId')
class PackBox extends Message<PackBox> {
  @IsUUID() readonly boxId!: string;
}

@Command('store.fill_box.v1', 'boxId')
class FillBox extends Message<FillBox> {
  @IsUUID() readonly boxId!: string;
  @IsInt() readonly items!: number;
}

@Command('store.send_box.v1', 'boxId')
class SendBox extends Message<SendBox> {
  @IsUUID() readonly boxId!: string;
}

@CommandHandler(SendBox)
@ReachesOutside()
class SendBoxHandler {}

class NotYourBox extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'not_your_box';
}

class BoxFull extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'box_full';
}

/** A worker whose handlers pack and fill boxes: nobody else's, and nothing above a hundred items at once. */
class Store {
  readonly log = new InMemoryLog();
  readonly group: InMemoryGroupCommit;
  /** What the handlers were given. */
  readonly handled: object[] = [];
  /** The boxes that have left the store, each time once. */
  readonly sent: string[] = [];
  /** Thrown by the next runs of the handlers, one by one. */
  readonly faults: Error[] = [];
  readonly #boxes: EventSourcedRepository<Box>;
  readonly #runner: CommandRunner;
  readonly #cache = new AggregateCache(100);

  constructor(mishap?: (units: readonly UnitOfWork[], attempt: number) => Mishap | undefined) {
    const database = new SwitchableDatabase();
    const caches = new AggregateCaches();
    this.group = new InMemoryGroupCommit(database, mishap, this.log);
    this.#boxes = new EventSourcedRepository(Box, new InMemoryEventStore(database, this.log), caches);
    this.#runner = new CommandRunner(
      { execute: (command: object) => this.#handle(command) } as CommandBus,
      database,
      new Committer(database, this.group),
      new InlineProjections(database, []),
      caches,
      undefined,
      undefined,
      new OutsideHandlers([SendBoxHandler]),
    );
  }

  run(command: FillBox | PackBox, envelope: Partial<Envelope> = {}): Promise<End> {
    const type = command instanceof PackBox ? 'store.pack_box.v1' : 'store.fill_box.v1';
    const { boxId: lane } = command;
    return this.deliver(sampleEnvelope({ context: 'store', type, lane, body: bodyOf(command), ...envelope }));
  }

  deliver(envelope: Envelope): Promise<End> {
    return this.#runner.run(envelope, this.#cache);
  }

  /** A new box that holds one event. */
  async packed(): Promise<string> {
    const boxId = randomUUID();
    await this.run(new PackBox({ boxId }));
    this.handled.length = 0;
    return boxId;
  }

  version(boxId: string): number {
    return this.log.version(Box.streamType, boxId);
  }

  async #handle(command: object): Promise<void> {
    this.handled.push(command);
    if (command instanceof PackBox) {
      const box = await this.#boxes.create(command.boxId);
      box.pack('cups');
      return this.#boxes.save(box);
    }
    if (command instanceof SendBox) {
      await this.#boxes.find(command.boxId);
      this.sent.push(command.boxId);
      return;
    }
    const { boxId, items } = command as FillBox;
    const box = await this.#boxes.get(boxId);
    const fault = this.faults.shift();
    if (fault) throw fault;
    if (unitOfWork().envelope.author === 'stranger') throw new NotYourBox('it is not yours');
    if (items > 100) throw new BoxFull('so much does not go in');
    if (items > 0) box.fill(items);
    return this.#boxes.save(box);
  }
}

const succeeded = (version: number, created = false) => ({
  kind: 'settled',
  outcome: { status: 'succeeded', problem: null, result: { version, created } },
});
const rejected = (kind: string, reason: string) => ({
  kind: 'settled',
  outcome: { status: 'rejected', problem: expect.objectContaining({ kind, reason }), result: null },
});
const conflict = rejected('version_conflict', 'version_conflict');
const fill = (boxId: string, items = 1) => new FillBox({ boxId, items });

beforeAll(() => Logger.overrideLogger(false));

describe('A command', () => {
  it('tells what it made of its aggregate', async () => {
    const store = new Store();
    const boxId = randomUUID();
    expect(await store.run(new PackBox({ boxId }))).toEqual(succeeded(1, true));
    expect(await store.run(fill(boxId))).toEqual(succeeded(2));
    expect(await store.run(fill(boxId, 0))).toEqual(succeeded(2));
  });

  it('that comes again tells what it told the first time', async () => {
    const store = new Store();
    const boxId = await store.packed();
    const id = randomUUID();
    expect(await store.run(fill(boxId), { id })).toEqual(succeeded(2));
    await store.run(fill(boxId));
    expect(await store.run(fill(boxId), { id })).toEqual(succeeded(2));
    expect(store.version(boxId)).toBe(3);
  });
});

describe('A command that expects a version', () => {
  it('is run when its aggregate is at it', async () => {
    const store = new Store();
    const boxId = await store.packed();
    expect(await store.run(fill(boxId), { expectedVersion: 1 })).toEqual(succeeded(2));
    expect(await store.run(fill(boxId), { expectedVersion: 2 })).toEqual(succeeded(3));
  });

  it('is rejected when its aggregate is at another, and changes nothing', async () => {
    const store = new Store();
    const boxId = await store.packed();
    for (const expectedVersion of [0, 2, 999_999_999])
      expect(await store.run(fill(boxId), { expectedVersion })).toEqual(conflict);
    expect(store.version(boxId)).toBe(1);
    expect(await store.run(fill(boxId), { expectedVersion: 1 })).toEqual(succeeded(2));
  });

  it('is rejected for that also when there is another reason, which is of another time', async () => {
    const store = new Store();
    const boxId = await store.packed();
    expect(await store.run(fill(boxId, 101), { expectedVersion: 3 })).toEqual(conflict);
    expect(await store.run(fill(boxId, 101), { expectedVersion: 1 })).toEqual(rejected('rule_violation', 'box_full'));
    expect(await store.run(fill(boxId, 0), { expectedVersion: 3 })).toEqual(conflict);
  });

  it('that makes its aggregate expects none to be there', async () => {
    const store = new Store();
    const [first, second] = [randomUUID(), randomUUID()] as const;
    expect(await store.run(new PackBox({ boxId: first }), { expectedVersion: 0 })).toEqual(succeeded(1, true));
    expect(await store.run(new PackBox({ boxId: second }), { expectedVersion: 1 })).toEqual(conflict);
    expect(store.version(second)).toBe(0);
  });

  it('tells nobody of an aggregate that he may not know of', async () => {
    const store = new Store();
    const boxId = await store.packed();
    const stranger = { author: 'stranger', expectedVersion: 7 };
    expect(await store.run(fill(boxId), stranger)).toEqual(rejected('forbidden', 'not_your_box'));
    expect(await store.run(fill(randomUUID()), stranger)).toEqual(rejected('not_found', 'box_not_found'));
  });

  it('and cannot be read is refused as that', async () => {
    const store = new Store();
    const boxId = await store.packed();
    const end = await store.run(fill(boxId), { body: Buffer.from('{"items":"many"}'), expectedVersion: 7 });
    expect(end).toEqual(rejected('invalid', 'invalid_message'));
    expect(store.handled).toEqual([]);
  });

  it('is looked at again when its aggregate changed while it was decided', async () => {
    let boxId = '';
    const store = new Store((units, attempt) => {
      if (attempt !== 2 || !units[0]?.envelope.expectedVersion) return undefined;
      const where = { streamType: Box.streamType, streamId: boxId, version: 2, actor: 'ann', occurredAt: new Date() };
      store.log.append([{ ...where, type: 'box.filled.v1', data: JSON.stringify({ box_id: boxId, items: 1 }) }]);
      return undefined;
    });
    boxId = await store.packed();
    expect(await store.run(fill(boxId), { expectedVersion: 1 })).toEqual(conflict);
    expect(store.version(boxId)).toBe(2);
  });
});

describe('A command with a deadline', () => {
  const past = (): Date => new Date(Date.now() - 1);
  const late = rejected('expired', 'deadline_exceeded');

  it('is run before it', async () => {
    const store = new Store();
    const boxId = await store.packed();
    expect(await store.run(fill(boxId), { deadline: new Date(Date.now() + 60_000) })).toEqual(succeeded(2));
  });

  it('is rejected after it, and nobody handles it', async () => {
    const store = new Store();
    const boxId = await store.packed();
    expect(await store.run(fill(boxId), { deadline: past() })).toEqual(late);
    expect(store.handled).toEqual([]);
    expect(store.version(boxId)).toBe(1);
  });

  it('is late for good', async () => {
    const store = new Store();
    const boxId = await store.packed();
    const id = randomUUID();
    await store.run(fill(boxId), { id, deadline: past() });
    expect(await store.run(fill(boxId), { id })).toEqual(late);
    expect(store.group.outcome(id)).toMatchObject({ status: 'rejected', problem: { reason: 'deadline_exceeded' } });
    expect(store.version(boxId)).toBe(1);
  });

  it('has kept it once it was started, however long it takes', async () => {
    const store = new Store();
    const boxId = await store.packed();
    const deadline = new Date(Date.now() + 80);
    store.faults.push(new Error('a fault that passes'));
    expect(await store.run(fill(boxId), { deadline })).toEqual(succeeded(2));
    expect(Date.now()).toBeGreaterThan(deadline.getTime());
    expect(store.handled).toHaveLength(2);
  });

  it('that has an end already keeps that end', async () => {
    const store = new Store();
    const boxId = await store.packed();
    const id = randomUUID();
    await store.run(fill(boxId), { id });
    expect(await store.run(fill(boxId), { id, deadline: past() })).toEqual(succeeded(2));
  });
});

describe('A command whose handler reaches outside', () => {
  const sending = (boxId: string, envelope: Partial<Envelope> = {}): Envelope =>
    sampleEnvelope({
      context: 'store',
      type: 'store.send_box.v1',
      lane: boxId,
      body: bodyOf(new SendBox({ boxId })),
      ...envelope,
    });

  it('is rejected before it acts when its aggregate is at another version than it expects', async () => {
    const store = new Store();
    const boxId = await store.packed();
    expect(await store.deliver(sending(boxId, { expectedVersion: 2 }))).toEqual(conflict);
    expect(store.sent).toEqual([]);
    await store.deliver(sending(boxId, { expectedVersion: 1 }));
    expect(store.sent).toEqual([boxId]);
  });

  it('is not handled again as a copy, and has the outcome of the first', async () => {
    const store = new Store();
    const boxId = randomUUID();
    const sent = sending(boxId);
    const [first, copy] = [await store.deliver(sent), await store.deliver(sent)];
    expect(store.handled).toEqual([new SendBox({ boxId })]);
    expect(copy).toEqual(first);
  });
});
