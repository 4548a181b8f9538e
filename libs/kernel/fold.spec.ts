import { describe, expect, it } from '@jest/globals';
import { IsInt } from 'class-validator';
import fc from 'fast-check';

import { fold, on, type EventMeta } from './fold.js';
import { Message } from './message.js';

class Counted extends Message<Counted> {
  @IsInt() readonly by!: number;
}

class Ended extends Message<Ended> {
  @IsInt() readonly code!: number;
}

class Ignored extends Message<Ignored> {
  @IsInt() readonly n!: number;
}

const meta = (version: number): EventMeta => ({ version, occurredAt: new Date(version), actor: 'ann' });

const counter = fold<{ readonly total: number; readonly version: number }>(
  on(Counted, (state, { by }, { version }) => ({ total: (state?.total ?? 0) + by, version })),
  on(Ended, () => null),
);

const replay = (events: readonly object[]) =>
  events.reduce<{ readonly total: number; readonly version: number } | null>(
    (state, event, index) => counter.apply(state, event, meta(index + 1)),
    null,
  );

describe('A fold', () => {
  it('begins with nothing', () => {
    expect(counter.apply(null, new Counted({ by: 2 }), meta(1))).toEqual({ total: 2, version: 1 });
  });

  it('leaves the state as it is at an event that it does not know', () => {
    const state = { total: 1, version: 1 };
    expect(counter.apply(state, new Ignored({ n: 1 }), meta(2))).toBe(state);
  });

  it('may end in nothing, and begin again', () => {
    expect(replay([new Counted({ by: 2 }), new Ended({ code: 0 })])).toBeNull();
    expect(replay([new Counted({ by: 2 }), new Ended({ code: 0 }), new Counted({ by: 5 })])).toEqual({
      total: 5,
      version: 3,
    });
  });

  it('names the events that it reacts to', () => {
    expect(counter.types).toEqual([Counted, Ended]);
  });

  it('makes the same of the same events, however they are cut into batches', () => {
    const events = fc.array(
      fc.oneof(
        fc.integer().map((by) => new Counted({ by })),
        fc.constant(new Ended({ code: 1 })),
      ),
    );
    fc.assert(
      fc.property(events, fc.nat(), (all, cut) => {
        const head = replay(all.slice(0, cut % (all.length + 1)));
        const resumed = all
          .slice(cut % (all.length + 1))
          .reduce(
            (state, event, index) => counter.apply(state, event, meta((cut % (all.length + 1)) + index + 1)),
            head,
          );
        expect(resumed).toEqual(replay(all));
      }),
    );
  });
});
