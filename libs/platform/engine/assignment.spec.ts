import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { assign, type Member, type Slot } from './assignment.js';

const slotsOf = (context: string, count: number): Slot[] =>
  Array.from({ length: count }, (_, n) => ({ name: `${context}.commands.${count}.${n}`, context }));

const workers = (count: number, contexts: readonly string[] = ['tasks']): Member[] =>
  Array.from({ length: count }, (_, n) => ({ id: `worker-${n}`, contexts }));

const loads = (assigned: ReadonlyMap<string, string>): number[] =>
  [...Map.groupBy(assigned.values(), (worker) => worker).values()].map(({ length }) => length).sort((a, b) => a - b);

const contexts = ['tasks', 'labour', 'auth'];
const fleet = fc.uniqueArray(fc.record({ id: fc.uuid(), contexts: fc.subarray(contexts) }), {
  selector: ({ id }) => id,
  maxLength: 8,
});
const slots = fc
  .record({ tasks: fc.nat(12), labour: fc.nat(12), auth: fc.nat(12) })
  .map((counts) => Object.entries(counts).flatMap(([context, count]) => slotsOf(context, count)));

describe('Sharing slots over workers', () => {
  it('gives two workers four of eight slots each', () => {
    expect(loads(assign(slotsOf('tasks', 8), workers(2)))).toEqual([4, 4]);
  });

  it('gives nobody more than his share, rounded up', () => {
    expect(loads(assign(slotsOf('tasks', 8), workers(3)))).toEqual([2, 3, 3]);
    expect(loads(assign(slotsOf('tasks', 2), workers(5)))).toEqual([1, 1]);
  });

  it('gives a lone worker everything', () => {
    expect(loads(assign(slotsOf('tasks', 8), workers(1)))).toEqual([8]);
  });

  it('leaves out what nobody serves', () => {
    expect([...assign([...slotsOf('tasks', 1), ...slotsOf('labour', 1)], workers(1)).keys()]).toEqual([
      'tasks.commands.1.0',
    ]);
    expect(assign(slotsOf('tasks', 8), []).size).toBe(0);
  });

  it('shares partitions evenly whoever holds the slots of other kinds', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        fc.pre(a !== b);
        const members = [a, b].map((id) => ({ id, contexts: ['tasks'] }));
        const light = [{ name: 'dead-letters' }, { name: 'tasks.events', context: 'tasks', kind: 'events' }];
        const assigned = assign([...slotsOf('tasks', 8), ...light], members);
        const held = (id: string) =>
          [...assigned].filter(([name, worker]) => name.startsWith('tasks.commands') && worker === id);
        expect([held(a).length, held(b).length]).toEqual([4, 4]);
        expect(light.every(({ name }) => assigned.has(name))).toBe(true);
      }),
    );
  });

  it('moves slots of the worker that has gone, and few others', () => {
    const before = assign(slotsOf('tasks', 64), workers(4));
    const after = assign(slotsOf('tasks', 64), workers(3));
    const moved = [...before].filter(([slot, worker]) => worker !== 'worker-3' && after.get(slot) !== worker);
    expect(moved.length).toBeLessThan(16);
  });

  it('gives every slot that anybody serves to one worker who serves it, within the cap', () => {
    fc.assert(
      fc.property(slots, fleet, (all, members) => {
        const assigned = assign(all, members);
        for (const { name, context } of all) {
          const able = members.filter((member) => member.contexts.includes(context as string)).map(({ id }) => id);
          if (able.length === 0) expect(assigned.has(name)).toBe(false);
          else expect(able).toContain(assigned.get(name));
        }
        for (const [, group] of Map.groupBy(all, ({ context }) =>
          members
            .filter((m) => m.contexts.includes(context as string))
            .map(({ id }) => id)
            .join(),
        )) {
          const able = members.filter((member) => member.contexts.includes(group[0]?.context as string));
          for (const { id } of able)
            expect(group.filter(({ name }) => assigned.get(name) === id).length).toBeLessThanOrEqual(
              Math.ceil(group.length / able.length),
            );
        }
      }),
    );
  });

  it('comes out the same at every worker, whatever order it hears of slots and workers in', () => {
    fc.assert(
      fc.property(slots, fleet, fc.nat(), (all, members, seed) => {
        const turned = <T>(items: readonly T[]): T[] =>
          [...items.slice(seed % (items.length + 1)), ...items.slice(0, seed % (items.length + 1))].reverse();
        expect(assign(turned(all), turned(members))).toEqual(assign(all, members));
      }),
    );
  });
});
