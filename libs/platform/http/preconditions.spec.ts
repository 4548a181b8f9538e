import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { commandDeadline, entityTag, expectedVersion, isFresh } from './preconditions.js';
import { Problem } from './problem.js';

const refusal = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    const { details, status } = error as Problem;
    return [status, details.reason];
  }
};

const versions = fc.integer({ min: 0, max: 999_999_999 });

describe('If-Match', () => {
  it('takes the tag that a query gave', () => {
    fc.assert(fc.property(versions, (version) => expect(expectedVersion(entityTag(version))).toBe(version)));
    expect(expectedVersion(' "3" ')).toBe(3);
  });

  it('expects nothing when it is absent, or any version will do', () => {
    expect(expectedVersion(undefined)).toBeUndefined();
    expect(expectedVersion('*')).toBeUndefined();
    expect(expectedVersion(' * ')).toBeUndefined();
  });

  // A weak tag never matches here (RFC 9110, section 13.1.1), and a command is decided on one version.
  it.each(['', '3', '""', '"three"', '"-3"', '"3', 'W/"3"', '"3", "4"', '"3.0"', '"1234567890"', '**'])(
    'is refused when it is %j',
    (header) => {
      expect(refusal(() => expectedVersion(header))).toEqual([400, 'if_match_invalid']);
    },
  );
});

describe('If-None-Match', () => {
  it('finds the present version among those that the client has', () => {
    for (const header of ['"3"', ' "3" ', 'W/"3"', '"2", "3"', '"2",W/"3"', '*', ' * '])
      expect({ header, fresh: isFresh(header, '"3"') }).toEqual({ header, fresh: true });
  });

  it('finds no other', () => {
    for (const header of [undefined, '', '3', '"33"', '"2"', '"2", "4"', 'W/"2"', 'w/"3"'])
      expect({ header, fresh: isFresh(header, '"3"') }).toEqual({ header, fresh: false });
  });

  it('tells every version from every other', () => {
    fc.assert(
      fc.property(versions, versions, (one, other) => {
        expect(isFresh(entityTag(one), entityTag(other))).toBe(one === other);
      }),
    );
  });
});

describe('Command-Deadline', () => {
  it('is a moment, wherever its clock stands', () => {
    const moment = new Date('2030-01-31T12:00:00Z');
    for (const header of ['2030-01-31T12:00:00Z', '2030-01-31T14:00:00+02:00', '2030-01-31T12:00:00.000Z'])
      expect(commandDeadline(header)).toEqual(moment);
    expect(commandDeadline(undefined)).toBeUndefined();
  });

  it.each([
    '',
    'tomorrow',
    '10',
    '2030-01-31',
    '2030-01-31T12:00:00',
    '2030-02-30T12:00:00Z',
    '2030-01-31T25:00:00Z',
    'Thu, 31 Jan 2030 12:00:00 GMT',
  ])('is refused when it is %j', (header) => {
    expect(refusal(() => commandDeadline(header))).toEqual([400, 'command_deadline_invalid']);
  });

  it('is one', () => {
    const twice = ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00Z'];
    expect(refusal(() => commandDeadline(twice))).toEqual([400, 'command_deadline_invalid']);
  });
});
