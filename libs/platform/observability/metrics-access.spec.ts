import { describe, expect, it } from '@jest/globals';

import { MetricsAccess } from './metrics-access.js';

describe('Access to the metrics', () => {
  it('needs the token, where one is set', () => {
    for (const access of [new MetricsAccess('s3cret', true), new MetricsAccess('s3cret', false)]) {
      expect(access.served).toBe(true);
      expect(access.allows('Bearer s3cret')).toBe(true);
      expect(access.allows('bearer s3cret')).toBe(true);
      for (const wrong of [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        'Bearer s3cre',
        'Bearer s3cret2',
        's3cret',
        'Basic s3cret',
      ])
        expect([wrong, access.allows(wrong)]).toEqual([wrong, false]);
    }
  });

  it('is open without one, where only insiders come by', () => {
    const access = new MetricsAccess('', false);
    expect([access.served, access.allows(undefined), access.allows('Bearer x')]).toEqual([true, true, true]);
  });

  it('is closed without one, where anybody does', () => {
    const access = new MetricsAccess('', true);
    expect([access.served, access.allows(undefined), access.allows('Bearer ')]).toEqual([false, false, false]);
  });
});
