import { describe, expect, it } from '@jest/globals';

import { optionsOf } from './options.js';

const rows = ['accept', 'process-create', 'start'];

describe('The options of the benchmark', () => {
  it('measure all rows unless some are named', () => {
    expect(optionsOf([], rows)).toEqual({ quick: false, rows });
  });

  it('name rows in any order, and measure them in their own', () => {
    expect(optionsOf(['--only', 'start,accept', '--quick'], rows)).toEqual({ quick: true, rows: ['accept', 'start'] });
  });

  it('refuse a row that there is not, and name those that there are', () => {
    expect(() => optionsOf(['--only', 'accept,speed'], rows)).toThrow(
      'There is no row "speed": there are accept, process-create, start.',
    );
  });

  it('refuse what is no option', () => {
    expect(() => optionsOf(['--fast'], rows)).toThrow('--fast');
  });
});
