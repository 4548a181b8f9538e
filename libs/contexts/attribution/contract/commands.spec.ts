import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, type Class } from '#kernel';

import * as contract from './index.js';
import {
  conversionIdOf,
  RecordConversion,
  ReverseConversion,
  settingsId,
  UpdateAttributionSettings,
  visitorKeyOf,
} from './index.js';

const id = '0196a1de-0000-7000-8000-000000000001';

const judge =
  <T extends object>(type: Class<T>, valid: object) =>
  (fields: object): string => {
    try {
      decode(type, { ...valid, ...fields });
      return 'taken';
    } catch (error) {
      return (error as InvalidMessage).reason;
    }
  };

const conversion = judge(RecordConversion, {
  visitor_key: id,
  conversion_id: id,
  visitor_id: 'v',
  conversion_type: 'purchase',
  value: '1.00',
});
const settings = judge(UpdateAttributionSettings, { settings_id: settingsId });
const reversal = judge(ReverseConversion, { visitor_key: id, conversion_id: id });

describe('A conversion to be recorded', () => {
  it.each([
    ['0', 'taken'],
    ['0.00', 'taken'],
    ['7.5', 'taken'],
    ['9999999.99', 'taken'],
    ['10000000', 'value_too_large'],
    ['-0.01', 'value_negative'],
    ['0.001', 'value_precision'],
    ['1.', 'value_invalid'],
    ['1e3', 'value_invalid'],
    ['1,50', 'value_invalid'],
    ['', 'value_invalid'],
    [7.5, 'value_invalid'],
    [null, 'value_invalid'],
  ])('is worth %j: %s', (value, reason) => {
    expect(conversion({ value })).toBe(reason);
  });

  it.each([
    ['EUR', 'taken'],
    ['eur', 'currency_invalid'],
    ['EURO', 'currency_invalid'],
    ['XQQ', 'currency_invalid'],
    [null, 'currency_invalid'],
  ])('is in the currency %j: %s', (currency, reason) => {
    expect(conversion({ currency })).toBe(reason);
  });

  it('is of a type that is known', () => {
    expect(conversion({ conversion_type: 'download' })).toBe('taken');
    expect(conversion({ conversion_type: 'theft' })).toBe('conversion_type_invalid');
  });

  it('is of a visitor, whose name has 1 to 255 characters', () => {
    expect(conversion({ visitor_id: ' ' })).toBe('field_required');
    expect(conversion({ visitor_id: 5 })).toBe('field_required');
    expect(conversion({ visitor_id: ` ${'x'.repeat(255)} ` })).toBe('taken');
    expect(conversion({ visitor_id: 'x'.repeat(256) })).toBe('field_too_long');
  });

  it('may have a name of its own', () => {
    expect(conversion({ external_id: 'order 1' })).toBe('taken');
    expect(conversion({ external_id: '' })).toBe('field_required');
    expect(conversion({ external_id: 'x'.repeat(256) })).toBe('field_too_long');
  });
});

describe('A reversal', () => {
  it('has a reason of 1 to 500 characters', () => {
    expect(reversal({ reason: 'sent back' })).toBe('taken');
    expect(reversal({})).toBe('field_required');
    expect(reversal({ reason: 'x'.repeat(501) })).toBe('field_too_long');
  });
});

describe('Settings', () => {
  it.each([
    [{}, 'taken'],
    [{ lookback_days: 365, half_life_days: 0.5, first_weight: 0, last_weight: 1 }, 'taken'],
    [{ lookback_days: 0 }, 'min'],
    [{ lookback_days: 366 }, 'max'],
    [{ lookback_days: 1.5 }, 'is_int'],
    [{ half_life_days: 0 }, 'is_positive'],
    [{ half_life_days: 366 }, 'max'],
    [{ first_weight: 1.1 }, 'weights_invalid'],
    [{ last_weight: -0.1 }, 'weights_invalid'],
    [{ last_weight: '0.4' }, 'weights_invalid'],
    [{ interaction_weights: { click: 1, engagement: 0, view: 0 } }, 'taken'],
    [{ interaction_weights: { click: 0, engagement: 0, view: 0 } }, 'weights_invalid'],
    [{ interaction_weights: { click: 1, engagement: -1, view: 0 } }, 'weights_invalid'],
    [{ interaction_weights: { click: 1, engagement: 1 } }, 'weights_invalid'],
    [{ interaction_weights: { click: 1, engagement: 1, view: 1, sale: 1 } }, 'weights_invalid'],
  ])('are %j: %s', (fields, reason) => {
    expect(settings(fields)).toBe(reason);
  });
});

describe('Ids', () => {
  it('are the same for the same names for ever', () => {
    expect(visitorKeyOf('v-81f3')).toBe(visitorKeyOf('v-81f3'));
    expect([visitorKeyOf('v-81f3'), conversionIdOf('order-10471'), settingsId]).toEqual([
      '6812e165-ad5a-8b22-adb1-eb35007a8bcf',
      'f1b31245-a90d-873d-b9eb-a105006a5644',
      '93609f31-03b9-8bec-b303-16dee9b847e6',
    ]);
  });
});

describe('The messages of attribution', () => {
  const types = Object.values(contract).filter(
    (each): each is Class<object> & typeof each => typeof each === 'function' && String(each).startsWith('class '),
  );
  const namesOf = (kind: (type: object) => { readonly name: string }): string[] =>
    types
      .flatMap((type) => {
        try {
          return [kind(type).name];
        } catch {
          return [];
        }
      })
      .toSorted();

  it('have names on the wire that never change', () => {
    expect(namesOf(commandType)).toEqual([
      'attribution.recalculate_conversion.v1',
      'attribution.record_conversion.v1',
      'attribution.register_touchpoint.v1',
      'attribution.remove_touchpoint.v1',
      'attribution.reverse_conversion.v1',
      'attribution.update_attribution_settings.v1',
    ]);
    expect(namesOf(eventType)).toEqual([
      'attribution.touchpoint_registered.v1',
      'attribution.touchpoint_removed.v1',
      'attribution_settings.updated.v1',
      'conversion.attributed.v1',
      'conversion.recorded.v1',
      'conversion.reversed.v1',
      'conversion.unattributed.v1',
    ]);
  });

  it('tell of conversions under the names that others read', () => {
    expect(declaredFields(contract.ConversionAttributed).map(({ wireName }) => wireName)).toEqual([
      'conversion_id',
      'visitor_key',
      'visitor_id',
      'value',
      'currency',
      'occurred_at',
      'calculation_version',
      'settings',
      'touchpoints',
    ]);
  });
});
