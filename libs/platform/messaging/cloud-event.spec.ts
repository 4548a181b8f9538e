import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { LoggedEvent } from '../event-log/log-reader.js';
import { cloudEvent, eventId, EventSeal } from './cloud-event.js';

const stream = '0196a1de-0000-7000-8000-00000000000a';
const logged: LoggedEvent = {
  cursor: { era: 1, xid: '812', position: '37' },
  stream_type: 'store.box',
  stream_id: stream,
  version: 3,
  type: 'box.filled.v1',
  data: { box_id: stream, items: 3, remark: 'süß' },
  metadata: { command_id: 'the-command', correlation_id: 'the-correlation', actor: 'ann', trace_parent: '00-a-b-01' },
  occurred_at: new Date('2026-03-01T10:00:00.000Z'),
};
const event = cloudEvent(logged);
const keys = `one:${'s'.repeat(32)}`;
const seal = new EventSeal(keys);
const message = seal.seal(event, logged.cursor);

describe('An event of the log as a CloudEvent', () => {
  it('says what happened to what, when, by whom and because of what', () => {
    expect(event).toEqual({
      specversion: '1.0',
      id: eventId('store.box', stream, 3),
      source: '/contextflow/store',
      type: 'box.filled.v1',
      subject: stream,
      time: '2026-03-01T10:00:00.000Z',
      datacontenttype: 'application/json',
      sequence: '3',
      streamtype: 'store.box',
      actor: 'ann',
      correlationid: 'the-correlation',
      causationid: 'the-command',
      traceparent: '00-a-b-01',
      data: { box_id: stream, items: 3, remark: 'süß' },
    });
  });

  it('names its attributes as the specification allows, all of them texts', () => {
    const { data: _, ...attributes } = event;
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(typeof value).toBe('string');
      expect(value).not.toBe('');
    }
  });

  it('leaves out a trace that there was not', () => {
    const { trace_parent: _, ...metadata } = logged.metadata;
    expect(
      JSON.parse(seal.seal(cloudEvent({ ...logged, metadata }), logged.cursor).body.toString()),
    ).not.toHaveProperty('traceparent');
  });

  it('has an id of its own, and the same one whenever it is told', () => {
    expect(cloudEvent(logged).id).toBe(event.id);
    const others: readonly Partial<LoggedEvent>[] = [
      { version: 4 },
      { stream_type: 'store.crate' },
      { stream_id: stream.replace('a', 'b') },
      { cursor: { ...logged.cursor, era: 2 } },
    ];
    const ids = others.map((difference) => cloudEvent({ ...logged, ...difference }).id);
    expect(new Set([event.id, ...ids]).size).toBe(5);
  });
});

describe('A sealed event', () => {
  it('is opened as it was, with its place in the log', () => {
    expect(seal.open(message.headers, message.body)).toEqual({ event, cursor: logged.cursor });
  });

  it('is opened by whoever has the key among others', () => {
    const next = new EventSeal(`two:${'t'.repeat(32)},${keys}`);
    expect(next.open(message.headers, message.body)).toEqual({ event, cursor: logged.cursor });
    expect(seal.open(next.seal(event, logged.cursor).headers, message.body)).toBe('signature_invalid');
  });

  it('is not believed when a single bit of its body was changed', () => {
    fc.assert(
      fc.property(fc.nat(message.body.length - 1), fc.nat(7), (at, bit) => {
        const body = Buffer.from(message.body);
        body.writeUInt8(body.readUInt8(at) ^ (1 << bit), at);
        expect(seal.open(message.headers, body)).toBe('signature_invalid');
      }),
    );
  });

  it.each([
    ['another place in the log', { 'log-cursor': '1.812.38' }, 'signature_invalid'],
    ['no place in the log', { 'log-cursor': '' }, 'malformed'],
    ['a place that is none', { 'log-cursor': 'here' }, 'malformed'],
    ['no signature', { signature: '' }, 'malformed'],
    ['another signature', { signature: message.headers.signature?.toLowerCase() ?? '' }, 'signature_invalid'],
    ['a shortened signature', { signature: message.headers.signature?.slice(1) ?? '' }, 'signature_invalid'],
    ['no key', { 'key-id': '' }, 'malformed'],
    ['a key that nobody has', { 'key-id': 'three' }, 'signature_invalid'],
  ])('is not believed with %s', (_, header, why) => {
    expect(seal.open({ ...message.headers, ...header }, message.body)).toBe(why);
  });

  it('cannot be made of the signature of a body that has the place in front', () => {
    const [place, rest] = ['1.812.37', '1.812.3'];
    const shifted = Buffer.concat([Buffer.from('7 '), message.body]);
    expect(message.headers['log-cursor']).toBe(place);
    expect(seal.open({ ...message.headers, 'log-cursor': rest }, shifted)).toBe('signature_invalid');
  });
});
