import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isTime, timeOf } from './time.js';

describe('A time', () => {
  it.each([
    ['2030-01-31', '2030-01-31T00:00:00.000Z'],
    ['2030-01-31T12:00', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00:05', '2030-01-31T12:00:05.000Z'],
    ['2030-01-31T12:00:05.25Z', '2030-01-31T12:00:05.250Z'],
    ['2030-01-31T12:00:05.123456789Z', '2030-01-31T12:00:05.123Z'],
    ['2030-01-31T14:00:05+02:00', '2030-01-31T12:00:05.000Z'],
    ['2030-01-30T23:30:00-12:30', '2030-01-31T12:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['0100-01-01T00:00:00Z', '0100-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('is read from %s', (text, moment) => {
    expect(isTime(text)).toBe(true);
    expect(timeOf(text).toISOString()).toBe(moment);
  });

  it.each([
    ['an impossible day', '2030-02-30'],
    ['a leap day of another year', '2030-02-29T12:00:00Z'],
    ['an impossible month', '2030-13-01'],
    ['an impossible hour', '2030-01-31T25:00:00Z'],
    ['an impossible minute', '2030-01-31T12:60:00Z'],
    ['a week date', '2030-W05-4'],
    ['a day of the year', '2030-031'],
    ['the basic format', '20300131T120000Z'],
    ['a space in the middle', '2030-01-31 12:00:00Z'],
    ['a space at the end', '2030-01-31T12:00:00Z '],
    ['an offset without minutes', '2030-01-31T12:00:00+02'],
    ['a year of five digits', '12030-01-31'],
    ['a signed year', '+002030-01-31'],
    ['a year before the first', '0000-12-31T23:59:59Z'],
    ['a moment before the first year', '0001-01-01T00:00:00+01:00'],
    ['a moment after the last year', '9999-12-31T23:59:59-01:00'],
    ['an hour alone', '12:00:00'],
    ['a number in a text', '1738324800000'],
    ['nothing', ''],
  ])('is not read from %s', (_, text) => {
    expect(isTime(text)).toBe(false);
  });

  it('is a text', () => {
    for (const value of [undefined, null, 0, 1_738_324_800_000, new Date(), ['2030-01-31'], {}])
      expect(isTime(value)).toBe(false);
  });

  it('comes back as the moment that was written', () => {
    const moments = fc.date({
      min: new Date('0100-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(isTime(moment.toISOString())).toBe(true);
        expect(timeOf(moment.toISOString())).toEqual(moment);
        expect(timeOf(moment.toISOString().replace('Z', ''))).toEqual(moment);
      }),
    );
  });

  it('is a moment whenever it is taken', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/), (text) => {
        if (isTime(text)) expect(timeOf(text).getTime()).not.toBeNaN();
      }),
    );
  });
});
