import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodeCursor, encodeCursor, paged } from './page.js';
import { Problem } from './problem.js';

const date = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const position = fc.record({ at: date.map((at) => at.toISOString()), id: fc.uuid() });
const cursorOf = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

const id = '0196a1de-0000-7000-8000-000000000001';
const at = '2026-03-01T10:00:00.000Z';

function refusal(cursor: string): string {
  try {
    return JSON.stringify(decodeCursor(cursor));
  } catch (error) {
    if (error instanceof Problem) return error.details.reason;
    throw error;
  }
}

describe('A cursor', () => {
  it('leads back to where it was taken', () => {
    fc.assert(fc.property(position, (place) => expect(decodeCursor(encodeCursor(place))).toEqual(place)));
  });

  it('is safe in a URL', () => {
    fc.assert(fc.property(position, (place) => expect(encodeCursor(place)).toMatch(/^[\w-]+$/)));
  });

  it.each([
    ['text', 'x'],
    ['nothing', ''],
    ['another shape', cursorOf({ at, id })],
    ['more than a place', cursorOf([at, id, 1])],
    ['less than a place', cursorOf([at])],
    ['a time of another form', cursorOf(['2026-03-01', id])],
    ['no time', cursorOf([null, id])],
    ['an id that is text', cursorOf([at, "' or true"])],
    ['an id of dashes, which the database would not take', cursorOf([at, '-'.repeat(36)])],
    ['a time beyond what the database knows', cursorOf(['+275760-09-13T00:00:00.000Z', id])],
  ])('that holds %s is refused', (_, cursor) => {
    expect(refusal(cursor)).toBe('cursor_invalid');
  });

  it('is a place or refused, whatever it is', () => {
    const anything = fc.oneof(fc.string(), fc.jsonValue().map(cursorOf));
    fc.assert(
      fc.property(anything, (cursor) => expect(['cursor_invalid', refusal(cursor)]).toContain(refusal(cursor))),
    );
  });
});

describe('A page', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `${id.slice(0, -1)}${n}`, made: new Date(Date.parse(at) - n) }));
  const page = (count: number, limit: number) => paged(rows(count), limit, ({ made }) => made);

  it('leads to the next one behind its last item', () => {
    const { items, next_cursor: next } = page(4, 3);
    expect(items).toHaveLength(3);
    expect(decodeCursor(next as string)).toEqual({ at: '2026-03-01T09:59:59.998Z', id: items[2]?.id });
  });

  it('is the last when there is no more', () => {
    expect(page(3, 3)).toMatchObject({ next_cursor: null });
    expect(page(0, 3)).toEqual({ items: [], next_cursor: null });
  });
});
