import { describe, expect, it } from '@jest/globals';

import { Box } from '#testing/doubles/boxes.js';
import { InMemoryGroupCommit, type Mishap } from '#testing/doubles/in-memory-group-commit.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';

import type { Envelope } from '../messaging/envelope.js';
import { Committer } from './committer.js';
import { UnitOfWork } from './unit-of-work.js';

const unitOf = (envelope: Partial<Envelope> = {}): UnitOfWork => new UnitOfWork(sampleEnvelope(envelope), false, 1);

/** A unit that decided on a version of its lane's stream. */
function decidedOn(version: number, envelope: Partial<Envelope> = {}): UnitOfWork {
  const unit = unitOf(envelope);
  unit.stream = { type: Box, id: unit.envelope.lane, version, occurredAt: undefined };
  return unit;
}

/** As the server and the driver say it. */
const says = (code: string, more: object = {}): Error =>
  Object.assign(new Error(code), { severity: 'ERROR', code, ...more });
const succeeded = { status: 'succeeded', problem: null, result: null };
const stored = { verdict: 'stored', outcome: succeeded };
const badData = says('22P05');
const timeout = says('57014');

function committer(mishap?: (units: readonly UnitOfWork[], attempt: number) => Mishap | undefined) {
  const database = new SwitchableDatabase();
  const group = new InMemoryGroupCommit(database, mishap);
  return { database, group, committer: new Committer(database, group) };
}

const commitAll = (target: Committer, units: readonly UnitOfWork[]) =>
  Promise.all(units.map((unit) => target.commit(unit)));
const holds = (unit: UnitOfWork) => (units: readonly UnitOfWork[]) => units.includes(unit);
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

describe('A group', () => {
  it('takes all units that have finished by then', async () => {
    const { group, committer: target } = committer();
    const verdicts = await commitAll(target, [unitOf(), unitOf(), unitOf()]);
    expect(verdicts).toEqual([stored, stored, stored]);
    expect(group.groups).toHaveLength(1);
  });

  it('takes those that finish while another is written', async () => {
    const { group, committer: target } = committer();
    const first = target.commit(unitOf());
    await turns(2);
    await Promise.all([first, ...[unitOf(), unitOf()].map((unit) => target.commit(unit))]);
    expect(group.groups.map(({ length }) => length)).toEqual([1, 2]);
  });

  it('holds one unit of a command, so that the next is found to be its copy', async () => {
    const { group, committer: target } = committer();
    const [one, other] = [unitOf(), unitOf()] as const;
    const verdicts = await commitAll(target, [one, unitOf({ id: one.envelope.id }), other]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['stored', 'duplicate', 'stored']);
    expect(group.groups.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('holds one unit of a lane, in the order in which they finished', async () => {
    const { group, committer: target } = committer();
    const units = [1, 2, 3].map(() => unitOf({ lane: 'a' }));
    await commitAll(target, units);
    expect(group.groups).toEqual(units.map(({ envelope }) => [envelope.id]));
  });

  it('may hold units of the same lane in two contexts', async () => {
    const { group, committer: target } = committer();
    await commitAll(target, [unitOf({ lane: 'a', context: 'tasks' }), unitOf({ lane: 'a', context: 'labour' })]);
    expect(group.groups).toHaveLength(1);
  });

  it('holds at most a thousand', async () => {
    const { group, committer: target } = committer();
    await commitAll(
      target,
      Array.from({ length: 1001 }, () => unitOf()),
    );
    expect(group.groups.map(({ length }) => length)).toEqual([1000, 1]);
  });
});

describe('A unit that the database does not take', () => {
  it('is found by halving, and fails alone', async () => {
    const units = Array.from({ length: 8 }, () => unitOf());
    const bad = units[5] as UnitOfWork;
    const { committer: target } = committer((group) => (holds(bad)(group) ? { error: badData } : undefined));
    const verdicts = await commitAll(target, units);
    expect(verdicts.filter(({ verdict }) => verdict === 'stored')).toHaveLength(7);
    expect(verdicts[5]).toEqual({ verdict: 'failed', error: badData });
  });

  it('names the unique constraint that keeps it out', async () => {
    const { committer: target } = committer(() => ({
      error: says('23505', { schema: 'tasks', constraint: 'tasks_title' }),
    }));
    expect(await target.commit(unitOf())).toEqual({ verdict: 'violation', constraint: 'tasks_title' });
  });

  it('is in conflict when its version is taken', async () => {
    const constraint = 'events_stream_version';
    const { committer: target } = committer(() => ({ error: says('23505', { schema: 'platform', constraint }) }));
    expect(await target.commit(unitOf())).toEqual({ verdict: 'conflict' });
  });

  it('is in conflict when its stream has moved, while the rest is committed together', async () => {
    const { group, committer: target } = committer();
    const units = [decidedOn(0), decidedOn(3), decidedOn(0)];
    group.moved((units[1] as UnitOfWork).envelope.lane, 4);
    const verdicts = await commitAll(target, units);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['stored', 'conflict', 'stored']);
    expect(group.groups.map(({ length }) => length)).toEqual([3, 2]);
  });

  it.each(['40001', '40P01'])('is written again after %s, together with its group', async (code) => {
    const { group, committer: target } = committer((_, attempt) => (attempt === 1 ? { error: says(code) } : undefined));
    const verdicts = await commitAll(target, [unitOf(), unitOf()]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['stored', 'stored']);
    expect(group.groups.map(({ length }) => length)).toEqual([2, 2]);
  });
});

describe('A commit whose outcome is unknown', () => {
  it('is a copy of itself when it turns out to have happened', async () => {
    const { group, committer: target } = committer((_, attempt) => (attempt === 1 ? 'lost' : undefined));
    const unit = decidedOn(0);
    expect(await target.commit(unit)).toEqual({
      verdict: 'duplicate',
      outcome: { status: 'succeeded', problem: null, result: { version: 0, created: false } },
    });
    expect(group.groups).toHaveLength(1);
  });

  it('is made again when it turns out not to have happened', async () => {
    const { group, committer: target } = committer((_, attempt) => (attempt === 1 ? 'cut' : undefined));
    expect(await target.commit(unitOf())).toEqual(stored);
    expect(group.groups).toHaveLength(2);
  });

  it('is not guessed at while the database is away', async () => {
    const { database, committer: target } = committer((_, attempt) => {
      if (attempt > 1) return undefined;
      database.down();
      return 'lost';
    });
    const verdict = target.commit(unitOf());
    await turns(10);
    expect(database.awaited).toBe(1);
    database.up();
    expect(await verdict).toMatchObject({ verdict: 'duplicate' });
  });
});

describe('An infrastructure error', () => {
  it('that a unit meets alone three times, while the database answers, is the fault of the unit', async () => {
    const units = [unitOf(), unitOf(), unitOf()];
    const slow = units[2] as UnitOfWork;
    const { group, committer: target } = committer((members) =>
      holds(slow)(members) ? { error: timeout } : undefined,
    );
    const verdicts = await commitAll(target, units);
    expect(verdicts).toEqual([stored, stored, { verdict: 'failed', error: timeout }]);
    expect(group.groups.filter((ids) => ids.length === 1 && ids[0] === slow.envelope.id)).toHaveLength(3);
  });

  it('is nobody’s fault when it goes away by itself', async () => {
    const { committer: target } = committer((_, attempt) => (attempt <= 2 ? { error: timeout } : undefined));
    expect(await target.commit(unitOf())).toEqual(stored);
  });

  it('during an outage waits for its end, and burns nothing', async () => {
    let outages = 5;
    const {
      database,
      group,
      committer: target,
    } = committer(() => {
      if (outages-- <= 0) return undefined;
      database.down();
      return { error: says('57P01') };
    });
    const verdicts = commitAll(target, [unitOf(), unitOf()]);
    for (let outage = 0; outage < 5; outage++) {
      await turns(10);
      expect(database.awaited).toBe(1);
      database.up();
    }
    expect(await verdicts).toEqual([stored, stored]);
    expect(group.groups.map(({ length }) => length)).toEqual(Array(6).fill(2));
  });
});
