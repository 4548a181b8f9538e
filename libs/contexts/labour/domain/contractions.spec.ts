import { describe, expect, it } from '@jest/globals';

import type { LabourRecord } from '../contract/index.js';
import { assertAlone } from './contractions.js';

const noted = { id: 'c1', startTime: '2026-03-01T10:00:00.000Z', endTime: '2026-03-01T10:01:00.000Z' };

describe('A contraction that begins before one that is noted', () => {
  it('is refused with what to do instead', () => {
    const earlier = { id: 'c2', startTime: '2026-03-01T09:00:00.000Z', endTime: null };
    expect(() => assertAlone(earlier, { contractions: [noted] } as unknown as LabourRecord)).toThrow(
      'start and end it now, then correct its start_time and end_time',
    );
  });
});
