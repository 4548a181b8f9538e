import { describe, expect, it } from '@jest/globals';

import { firstTold, overtaken, type ToldEvent } from './told-events.js';

const event = (subject: string, sequence: number): ToldEvent => ({
  id: `${subject}${sequence}`,
  streamtype: 'store.box',
  subject,
  sequence: String(sequence),
});
const events = (...names: readonly string[]): ToldEvent[] =>
  names.map((name) => event(name.slice(0, 1), Number(name.slice(1))));

describe('What a subscriber was told', () => {
  it('counts once, when it came first', () => {
    expect(firstTold(events('a1', 'a2', 'b1', 'a1', 'a2', 'a3')).map(({ id }) => id)).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('is in order where each stream’s first deliveries are, whatever comes again and whatever is private', () => {
    expect(overtaken(events('a1', 'b1', 'a3', 'a1', 'a3', 'b2', 'a4'))).toEqual([]);
  });

  it('is out of order where an event comes after a later one of its stream', () => {
    expect(overtaken(events('a1', 'a3', 'b1', 'a2'))).toEqual(['store.box a 2 after 3']);
  });
});
