import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';

import { Aggregate, Command, commandType, DomainError, fold, Message, type AggregateType } from '#kernel';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import {
  currentUnit,
  UnitOfWork,
  unitOfWork,
  UnitOfWorkActor,
  UnitOfWorkClock,
  UnitOfWorkMisuse,
} from './unit-of-work.js';

class Missing extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'missing';
}

class Cabinet extends Aggregate<object> {
  static readonly streamType: string = 'office.cabinet';
  static readonly NotFound = Missing;
  protected readonly evolve = fold<object>();
}

class Drawer extends Cabinet {
  static override readonly streamType = 'office.drawer';
}

@Command('office.add_drawer.v1', 'cabinetId', { resource: 'drawerId', makes: true })
class AddDrawer extends Message<AddDrawer> {
  @IsString() readonly cabinetId!: string;
  @IsString() readonly drawerId!: string;
}

const acceptedAt = new Date('2026-03-01T10:00:00Z');
const claimed = (type: AggregateType<Cabinet>, lane: string): UnitOfWork => {
  const unit = new UnitOfWork(sampleEnvelope({ lane, acceptedAt, author: 'ann', roles: ['user', 'admin'] }), false, 1);
  unit.claim(type, lane);
  unit.stream = { type, id: lane, version: 0, occurredAt: undefined };
  return unit;
};

describe('A unit of work', () => {
  it('is about one stream, that of its lane', () => {
    const unit = claimed(Cabinet, 'a');
    expect(() => unit.claim(Cabinet, 'a')).not.toThrow();
    expect(() => unit.claim(Cabinet, 'b')).toThrow(UnitOfWorkMisuse);
    expect(() => unit.claim(Drawer, 'a')).toThrow(UnitOfWorkMisuse);
  });

  it('takes the events of what it has loaded only', () => {
    const unit = claimed(Cabinet, 'a');
    unit.save(new Cabinet('a'));
    expect(unit.after).toEqual({ state: null, version: 0 });
    expect(() => unit.save(new Cabinet('b'))).toThrow(UnitOfWorkMisuse);
  });

  it('makes what it is for with the first event of the stream, or with any where its command says so', () => {
    const ended = (type: string, version: number, events: readonly object[]): boolean | undefined => {
      const unit = new UnitOfWork(sampleEnvelope({ lane: 'a', type }), false, 1);
      unit.stream = { type: Cabinet, id: 'a', version, occurredAt: undefined };
      unit.events = events;
      return unit.outcome.result?.created;
    };
    const adds = commandType(AddDrawer).name;
    expect([ended('office.paint.v1', 0, [{}]), ended('office.paint.v1', 1, [{}])]).toEqual([true, false]);
    expect([ended(adds, 0, [{}]), ended(adds, 1, [{}]), ended(adds, 1, [])]).toEqual([true, true, false]);
  });

  it('is over when its handler has ended', () => {
    const unit = claimed(Cabinet, 'a');
    unit.close();
    expect(() => unit.claim(Cabinet, 'a')).toThrow(UnitOfWorkMisuse);
    expect(() => unit.save(new Cabinet('a'))).toThrow(UnitOfWorkMisuse);
  });

  it('exists in a handler only', () => {
    expect(() => unitOfWork()).toThrow(UnitOfWorkMisuse);
    expect(() => new UnitOfWorkClock().now()).toThrow(UnitOfWorkMisuse);
  });

  it('tells who asked, and when the command was accepted', () => {
    currentUnit.run(claimed(Cabinet, 'a'), () => {
      const actor = new UnitOfWorkActor();
      expect(new UnitOfWorkClock().now()).toEqual(acceptedAt);
      expect([actor.id, actor.is('admin'), actor.is('operator')]).toEqual(['ann', true, false]);
    });
  });

  it('never lies before the last event of its stream', () => {
    const later = new Date('2026-03-01T10:00:01Z');
    const unit = claimed(Cabinet, 'a');
    unit.stream = { type: Cabinet, id: 'a', version: 3, occurredAt: later };
    expect(unit.now).toEqual(later);
  });
});

describe('The end of a unit of work', () => {
  const event = new Cabinet('a');

  it('tells the version that its stream is at, and whether it opened it', () => {
    const unit = claimed(Cabinet, 'a');
    unit.events = [event];
    expect(unit.outcome).toEqual({ status: 'succeeded', problem: null, result: { version: 1, created: true } });
    unit.events = [event, event];
    expect(unit.outcome.result).toEqual({ version: 2, created: true });
  });

  it('has opened nothing where there was a stream, or none is there now', () => {
    const unit = claimed(Cabinet, 'a');
    expect(unit.outcome.result).toEqual({ version: 0, created: false });
    unit.stream = { type: Cabinet, id: 'a', version: 3, occurredAt: undefined };
    expect(unit.outcome.result).toEqual({ version: 3, created: false });
    unit.events = [event];
    expect(unit.outcome.result).toEqual({ version: 4, created: false });
  });

  it('has no result where nothing was loaded', () => {
    const unit = new UnitOfWork(sampleEnvelope(), false, 1);
    expect(unit.outcome).toEqual({ status: 'succeeded', problem: null, result: null });
  });

  it('is a rejection, whatever was loaded before', () => {
    const unit = claimed(Cabinet, 'a');
    unit.rejection = { kind: 'conflict', reason: 'already_exists', detail: 'd' };
    expect(unit.outcome).toEqual({ status: 'rejected', problem: unit.rejection, result: null });
  });
});
