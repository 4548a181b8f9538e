import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, type Class } from '#kernel';

import * as contract from './index.js';
import { DiscardTrackingEvent, RecordTrackingEvent } from './index.js';

const valid = {
  tracking_event_id: '0196a1de-0000-7000-8000-000000000001',
  partner_id: 'search.example',
  campaign_id: 'spring-sale',
  visitor_id: 'v-81f3',
  interaction_type: 'click',
  source_url: 'https://search.example/?q=cribs',
  destination_url: 'https://shop.example/cribs',
};

function reasonFor(fields: object, type: Class<object> = RecordTrackingEvent, base: object = valid): string {
  try {
    decode(type, { ...base, ...fields });
    return 'taken';
  } catch (error) {
    return (error as InvalidMessage).reason;
  }
}

describe.each(['partner_id', 'campaign_id', 'visitor_id'])('The %s of an interaction', (field) => {
  it('has 1 to 255 characters, without the space around it', () => {
    expect(reasonFor({ [field]: ` ${'x'.repeat(255)}\t` })).toBe('taken');
    expect(reasonFor({ [field]: 'x'.repeat(256) })).toBe('field_too_long');
  });

  it.each([undefined, null, '', ' \n', 5, {}, ['x']])('cannot be %j', (value) => {
    expect(reasonFor({ [field]: value })).toBe('field_required');
  });
});

describe('The type of an interaction', () => {
  it.each(['click', 'view', 'engagement'])('may be %s', (type) => {
    expect(reasonFor({ interaction_type: type })).toBe('taken');
  });

  it.each(['Click', 'VIEW', ' view', 'hover', '', 1])('cannot be %j', (type) => {
    expect(reasonFor({ interaction_type: type })).toBe('interaction_type_invalid');
  });

  it.each([undefined, null])('cannot be missing (%j)', (type) => {
    expect(reasonFor({ interaction_type: type })).toBe('field_required');
  });
});

describe.each(['source_url', 'destination_url'])('The %s of an interaction', (field) => {
  it.each(['http://example.org', 'HTTPS://example.org/ä?q=%20', 'http://127.0.0.1:8080/', 'https://[2001:db8::1]/x'])(
    'may be %s',
    (url) => {
      expect(reasonFor({ [field]: url })).toBe('taken');
    },
  );

  it.each([
    'example.org',
    '/path',
    'ftp://example.org',
    'javascript:alert(1)',
    'https://',
    ' https://a.example',
    'https://a b',
  ])('cannot be %j', (url) => {
    expect(reasonFor({ [field]: url })).toBe('url_invalid');
  });

  it.each([undefined, null, '', 7])('cannot be missing (%j)', (url) => {
    expect(reasonFor({ [field]: url })).toBe('field_required');
  });

  it('has at most 2,048 characters', () => {
    const url = (length: number): string => 'https://example.org/'.padEnd(length, 'x');
    expect(reasonFor({ [field]: url(2048) })).toBe('taken');
    expect(reasonFor({ [field]: url(2049) })).toBe('field_too_long');
  });
});

describe('The metadata of an interaction', () => {
  const named = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, n]));

  it('is a flat map of at most 20 plain values', () => {
    expect(reasonFor({ metadata: { text: 'x', number: 1.5, yes: true, nothing: null } })).toBe('taken');
    expect(reasonFor({ metadata: named(20) })).toBe('taken');
    expect(reasonFor({ metadata: named(21) })).toBe('metadata_invalid');
  });

  it.each([{ deep: {} }, { list: [1] }, { '': 1 }, { long: 'x'.repeat(1001) }, { ['x'.repeat(101)]: 1 }])(
    'is not %j',
    (metadata) => {
      expect(reasonFor({ metadata })).toBe('metadata_invalid');
    },
  );

  it('has no number beyond what a double can be', () => {
    expect(reasonFor({ metadata: JSON.parse('{ "number": 1e308 }') as object })).toBe('taken');
    expect(reasonFor({ metadata: JSON.parse('{ "number": 1e400 }') as object })).toBe('metadata_invalid');
    expect(reasonFor({ metadata: JSON.parse('{ "number": -1e400 }') as object })).toBe('metadata_invalid');
  });
});

describe('The reason of a discard', () => {
  it('has 1 to 500 characters', () => {
    const base = { tracking_event_id: valid.tracking_event_id };
    expect(reasonFor({ reason: 'x'.repeat(500) }, DiscardTrackingEvent, base)).toBe('taken');
    expect(reasonFor({ reason: 'x'.repeat(501) }, DiscardTrackingEvent, base)).toBe('field_too_long');
    expect(reasonFor({ reason: ' ' }, DiscardTrackingEvent, base)).toBe('field_required');
  });
});

describe('The messages', () => {
  const classes = (Object.values(contract) as unknown[]).filter(
    (value): value is Class<object> => typeof value === 'function' && declaredFields(value as Class<object>).length > 0,
  );
  const nameOf = (type: Class<object>): string => {
    try {
      return commandType(type).name;
    } catch {
      return eventType(type).name;
    }
  };

  it('keep the names that they have on the wire', () => {
    expect(classes.map(nameOf).sort()).toEqual([
      'tracking.discard_tracking_event.v1',
      'tracking.record_tracking_event.v1',
      'tracking_event.discarded.v1',
      'tracking_event.recorded.v1',
    ]);
  });
});
