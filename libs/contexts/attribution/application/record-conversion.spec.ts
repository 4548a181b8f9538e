import { describe, it } from '@jest/globals';

import {
  ConversionAlreadyExists,
  ConversionRecorded,
  ConversionUnattributed,
  RecordConversion,
  visitorKeyOf,
} from '../contract/index.js';
import { OccurredAtInFuture, OccurredAtTooOld } from '../domain/errors.js';
import {
  attributionScenario,
  conversionId,
  firstId,
  happened,
  inputs,
  now,
  visitorId,
  visitorKey,
} from '../doubles/attribution-scenario.js';
import { ConversionListRow } from '../read-models/conversion-list.entity.js';
import { conversionRowOf } from '../read-models/conversion-list.projection.js';
import { CreditListRow } from '../read-models/credit-list.entity.js';

const { clicked, converted, attributed, unattributed, shortLookback } = happened;

const record = (more: Partial<RecordConversion> = {}): RecordConversion =>
  new RecordConversion({
    visitorKey,
    conversionId,
    visitorId,
    conversionType: 'purchase',
    value: '119.90',
    currency: 'EUR',
    ...more,
  });

describe('Recording a conversion', () => {
  it('tells what it is worth, and that nothing is known to have led to it', () =>
    attributionScenario().when(record()).then(converted, unattributed));

  it('tells what led to it', () => attributionScenario().given(clicked).when(record()).then(converted, attributed));

  it('takes dollars for the currency, and two digits for the value', () =>
    attributionScenario()
      .when(record({ value: '7.5', currency: undefined }))
      .then(
        new ConversionRecorded({ ...converted, value: '7.50', currency: 'USD' }),
        new ConversionUnattributed({ ...unattributed, value: '7.50', currency: 'USD' }),
      ));

  it('goes by the settings of that time', () =>
    attributionScenario()
      .given(clicked, shortLookback)
      .when(record())
      .then(
        converted,
        new ConversionUnattributed({ ...unattributed, settings: { ...unattributed.settings, lookback_days: 3 } }),
      ));

  it('is seen in the list', () =>
    attributionScenario()
      .given(clicked)
      .when(record())
      .thenRow(ConversionListRow, conversionRowOf({ visitorKey, conversionId }), {
        version: 2,
        conversionId,
        externalId: null,
        status: 'attributed',
        value: '119.90',
        calculationVersion: 1,
        touchpointIds: [firstId],
        occurredAt: new Date(now),
      }));

  it('has its credits by every model', () => {
    const all = { none: [1, 11_990], interaction: [1, 11_990] } as const;
    return attributionScenario()
      .given(clicked)
      .when(record())
      .thenRow(CreditListRow, conversionId, {
        value: '119.90',
        currency: 'EUR',
        credits: [
          {
            ...inputs.click,
            earned: { first_touch: all, last_touch: all, linear: all, time_decay: all, position_based: all },
          },
        ],
      });
  });

  it('changes nothing when the same is sent again', () =>
    attributionScenario()
      .given(converted, unattributed)
      .when(record({ value: '119.9' }))
      .thenNothing());

  it('is rejected when there is another one of that name', () =>
    attributionScenario()
      .given(converted, unattributed)
      .when(record({ value: '119.91' }))
      .thenRejected(ConversionAlreadyExists));

  it('is rejected when another visitor has one of that name', () =>
    attributionScenario()
      .violating('conversion_list_conversion')
      .when(record({ visitorId: 'v-2', visitorKey: visitorKeyOf('v-2') }))
      .thenRejected(ConversionAlreadyExists));

  it('is rejected when it is still to come, or long ago', async () => {
    await attributionScenario()
      .when(record({ occurredAt: '2026-03-01T10:05:00.001Z' }))
      .thenRejected(OccurredAtInFuture);
    await attributionScenario()
      .when(record({ occurredAt: '2025-12-01T09:59:59.999Z' }))
      .thenRejected(OccurredAtTooOld);
  });
});
