import { describe, expect, it } from '@jest/globals';

import { optionsOf } from './options.js';

const rows = [{ name: 'accept' }, { name: 'process-create' }, { name: 'growth', slow: true }, { name: 'start' }];
const names = ['accept', 'process-create', 'growth', 'start'];

describe('The options of the benchmark', () => {
  it('measure all rows unless some are named', () => {
    expect(optionsOf([], rows)).toEqual({ quick: false, rows: names });
  });

  it('name rows in any order, and measure them in their own', () => {
    expect(optionsOf(['--only', 'start,accept', '--quick'], rows)).toEqual({ quick: true, rows: ['accept', 'start'] });
  });

  it('leave out what takes long where it has to be quick, unless it is named', () => {
    expect(optionsOf(['--quick'], rows).rows).toEqual(['accept', 'process-create', 'start']);
    expect(optionsOf(['--quick', '--only', 'growth'], rows).rows).toEqual(['growth']);
  });

  it('refuse a row that there is not, and name those that there are', () => {
    expect(() => optionsOf(['--only', 'accept,speed'], rows)).toThrow(
      'There is no row "speed": there are accept, process-create, growth, start.',
    );
  });

  it('refuse what is no option', () => {
    expect(() => optionsOf(['--fast'], rows)).toThrow('--fast');
  });
});
