import { describe, it } from '@jest/globals';

import { ConversionAttributed, ConversionUnattributed, RecalculateConversion } from '../contract/index.js';
import { ConversionAlreadyReversed, ConversionNotFound } from '../domain/errors.js';
import { attributionScenario, conversionId, happened, visitorKey } from '../doubles/attribution-scenario.js';

const { clicked, converted, attributed, unattributed, reversed, shortLookback } = happened;
const recalculate = new RecalculateConversion({ visitorKey, conversionId });

describe('Recalculating a conversion', () => {
  const there = attributionScenario().given(clicked, converted, attributed);

  it('goes by the settings of now', () =>
    there
      .given(shortLookback)
      .when(recalculate)
      .then(
        new ConversionUnattributed({
          ...unattributed,
          settings: { ...unattributed.settings, lookback_days: 3 },
          calculationVersion: 2,
        }),
      ));

  it('is on record even if nothing has changed', () =>
    there.when(recalculate).then(new ConversionAttributed({ ...attributed, calculationVersion: 2 })));

  it('is rejected when it was reversed', () =>
    there.given(reversed).when(recalculate).thenRejected(ConversionAlreadyReversed));

  it('is rejected when there is none', async () => {
    await attributionScenario().when(recalculate).thenRejected(ConversionNotFound);
    await attributionScenario().given(clicked).when(recalculate).thenRejected(ConversionNotFound);
  });
});
