import { describe, it } from '@jest/globals';

import { ReverseConversion } from '../contract/index.js';
import { ConversionAlreadyReversed, ConversionNotFound } from '../domain/errors.js';
import { attributionScenario, conversionId, happened, now, visitorKey } from '../doubles/attribution-scenario.js';
import { ConversionListRow } from '../read-models/conversion-list.entity.js';
import { conversionRowOf } from '../read-models/conversion-list.projection.js';
import { CreditListRow } from '../read-models/credit-list.entity.js';

const { clicked, converted, attributed, reversed } = happened;
const reverse = new ReverseConversion({ visitorKey, conversionId, reason: 'The goods were sent back' });

describe('Reversing a conversion', () => {
  const there = attributionScenario().given(clicked, converted, attributed);

  it('tells why, and what had led to it', () => there.when(reverse).then(reversed));

  it('is seen in the list', () =>
    there.when(reverse).thenRow(ConversionListRow, conversionRowOf({ visitorKey, conversionId }), {
      status: 'reversed',
      reversalReason: 'The goods were sent back',
      reversedAt: new Date(now),
    }));

  it('leaves no credit', () => there.when(reverse).thenRow(CreditListRow, conversionId, null));

  it('is rejected the second time', () => there.given(reversed).when(reverse).thenRejected(ConversionAlreadyReversed));

  it('is rejected when there is none', async () => {
    await attributionScenario().when(reverse).thenRejected(ConversionNotFound);
    await attributionScenario().given(clicked).when(reverse).thenRejected(ConversionNotFound);
  });
});
