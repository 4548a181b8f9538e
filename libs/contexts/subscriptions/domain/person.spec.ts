import { describe, expect, it } from '@jest/globals';

import { firstName, fullName } from './person.js';

const person = { username: 'ada_l', name: '', firstName: null, lastName: null };

describe('Somebody', () => {
  it.each([
    [{ firstName: 'Ada', lastName: 'Lovelace', name: 'Ada L.' }, 'Ada Lovelace', 'Ada'],
    [{ firstName: 'Ada', name: 'Ada L.' }, 'Ada', 'Ada'],
    [{ lastName: 'Lovelace', name: 'Ada L.' }, 'Lovelace', 'Ada L.'],
    [{ name: 'Ada L.' }, 'Ada L.', 'Ada L.'],
    [{}, 'ada_l', 'ada_l'],
  ])('of whom %j is known is %s, and greeted as %s', (known, full, first) => {
    expect(fullName({ ...person, ...known })).toBe(full);
    expect(firstName({ ...person, ...known })).toBe(first);
  });
});
