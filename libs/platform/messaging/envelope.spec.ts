import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import { EnvelopeSeal, laneHash, partitionOf, type EnvelopeProperties } from './envelope.js';

const [first, second, third] = ['one', 'two', 'three'].map((id) => `${id}:${id.repeat(16)}`) as [
  string,
  string,
  string,
];
const seal = new EnvelopeSeal(first);

const deadline = '2026-03-01T10:00:30.000Z';
const envelope = sampleEnvelope({
  keyHash: Buffer.alloc(32, 1),
  fingerprint: Buffer.alloc(32, 2),
  expectedVersion: 3,
  deadline: new Date(deadline),
  traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  roles: ['user', 'admin'],
  body: Buffer.from('{"task_id":"a"}'),
});
const properties = seal.seal(envelope);
const withHeaders = (headers: Record<string, string>): EnvelopeProperties => ({
  ...properties,
  headers: { ...properties.headers, ...headers },
});

const forged = { kind: 'dead', reason: 'signature_invalid' };
const malformed = { kind: 'dead', reason: 'malformed' };

describe('An envelope', () => {
  it('opens as it was sealed', () => {
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    const plain = fc.stringMatching(/^[\x21-\x7e]{1,256}$/);
    const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    const some = fc.record(
      {
        id: fc.uuid(),
        type: plain,
        context: plain,
        lane: fc.uuid(),
        resourceId: fc.uuid(),
        author: plain,
        roles: fc.uniqueArray(fc.stringMatching(/^[a-z_]+$/)),
        acceptedAt: moment,
        correlationId: plain,
        keyHash: bytes,
        fingerprint: bytes,
        expectedVersion: fc.nat(999_999_999),
        deadline: moment,
        traceParent: plain,
        body: bytes,
      },
      {
        requiredKeys: [
          ...(['id', 'type', 'context', 'lane', 'resourceId'] as const),
          ...(['author', 'roles', 'acceptedAt', 'correlationId', 'body'] as const),
        ],
      },
    );
    fc.assert(
      fc.property(some, (sealed) => {
        expect(seal.open(seal.seal(sealed), sealed.body)).toEqual({ kind: 'genuine', envelope: sealed });
      }),
    );
  });

  it('is forged when any of its headers was changed', () => {
    const others = { ...seal.seal(sampleEnvelope({ author: 'bob' })).headers, context: 'labour', roles: 'admin' };
    const changes = {
      ...others,
      'accepted-at': '2026-03-01T10:00:00.001Z',
      'key-hash': 'AQ',
      fingerprint: 'AQ',
      'expected-version': '4',
      deadline: '2026-03-01T10:00:30.001Z',
      traceparent: 'another',
    };
    for (const name of Object.keys(properties.headers).filter((header) => header !== 'key-id')) {
      const opened = seal.open(withHeaders({ [name]: changes[name as keyof typeof changes] }), envelope.body);
      expect({ [name]: opened }).toEqual({ [name]: forged });
    }
  });

  it('is forged when a header was taken away', () => {
    for (const name of ['key-hash', 'fingerprint', 'expected-version', 'deadline', 'traceparent']) {
      const { [name]: _, ...headers } = properties.headers;
      expect(seal.open({ ...properties, headers }, envelope.body)).toEqual(forged);
    }
  });

  it('is forged when a header was added', () => {
    const bare = seal.seal(sampleEnvelope());
    const added = { 'key-hash': '', fingerprint: '', traceparent: '', 'expected-version': '0', deadline };
    for (const [name, value] of Object.entries(added))
      expect(seal.open({ ...bare, headers: { ...bare.headers, [name]: value } }, Buffer.from('{}'))).toEqual(forged);
  });

  it('is forged when id, type or correlation were changed', () => {
    for (const change of [
      { messageId: '0196a1de-0000-7000-8000-000000000009' },
      { type: 'tasks.complete_task.v1' },
      { correlationId: 'x' },
    ])
      expect(seal.open({ ...properties, ...change }, envelope.body)).toEqual(forged);
  });

  it('is forged when one bit of its body was changed', () => {
    fc.assert(
      fc.property(fc.nat(envelope.body.length * 8 - 1), (bit) => {
        const body = Buffer.from(envelope.body);
        body[bit >> 3] = (body[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(seal.open(properties, body)).toEqual(forged);
      }),
    );
  });

  it('is forged when its signature was changed or cut', () => {
    for (const signature of ['x', properties.headers.signature?.slice(0, -4) as string, 'A'.repeat(43)])
      expect(seal.open(withHeaders({ signature }), envelope.body)).toEqual(forged);
  });

  it('is malformed when it lacks what every envelope has', () => {
    for (const name of ['context', 'lane', 'resource-id', 'author', 'roles', 'accepted-at', 'key-id', 'signature']) {
      const { [name]: _, ...headers } = properties.headers;
      expect({ [name]: seal.open({ ...properties, headers }, envelope.body) }).toEqual({ [name]: malformed });
    }
    for (const change of [
      { messageId: '' },
      { messageId: 'no-uuid' },
      { type: '' },
      { correlationId: '' },
      { headers: {} },
    ])
      expect(seal.open({ ...properties, ...change }, envelope.body)).toEqual(malformed);
  });

  // Without a known key nobody vouches for it, but it is stored all the same: nothing in it may trip the database.
  it.each([
    ['author', 'a\0b'],
    ['lane', 'no uuid'],
    ['accepted-at', 'yesterday'],
    ['accepted-at', '+275760-09-13T00:00:00.000Z'],
    ['accepted-at', '-000044-03-15T00:00:00.000Z'],
    ['deadline', ''],
    ['deadline', '2026-03-01T10:00:30Z'],
    ['deadline', '2026-02-30T10:00:30.000+01:00'],
    ['expected-version', ''],
    ['expected-version', '-1'],
    ['expected-version', '1.5'],
    ['expected-version', '1234567890'],
  ])('is malformed when its %s could not be stored (%j)', (name, value) => {
    expect(seal.open(withHeaders({ 'key-id': 'unheard-of', [name]: value }), envelope.body)).toEqual(malformed);
  });
});

describe('The keys of envelopes', () => {
  it('rotate without a pause: the first signs, all verify', () => {
    const rotated = new EnvelopeSeal(`${second},${first}`);
    expect(rotated.open(properties, envelope.body).kind).toBe('genuine');
    expect(rotated.seal(envelope).headers['key-id']).toBe('two');
    expect(seal.open(rotated.seal(envelope), envelope.body)).toEqual({ kind: 'unknown_key', envelope });
  });

  it('do not speak for each other', () => {
    const both = new EnvelopeSeal(`${first},${second},${third}`);
    expect(both.open(withHeaders({ 'key-id': 'two' }), envelope.body)).toEqual(forged);
  });

  it('are known by id and secret both', () => {
    expect(new EnvelopeSeal(`one:${'another'.repeat(6)}`).open(properties, envelope.body)).toEqual(forged);
  });

  it('may hold colons', () => {
    const odd = new EnvelopeSeal(`odd:${':'.repeat(40)}`);
    expect(odd.open(odd.seal(envelope), envelope.body).kind).toBe('genuine');
  });
});

describe('A lane', () => {
  it('hashes to the CRC-32 of its text', () => {
    // The check value of the CRC catalogue.
    expect(laneHash('123456789')).toBe(0xcbf43926);
  });

  it('belongs to the partition of that number, modulo their count', () => {
    expect(partitionOf('123456789', 8)).toBe(0xcbf43926 % 8);
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 1024 }), (lane, count) => {
        expect(partitionOf(lane, count)).toBe(laneHash(lane) % count);
        expect(partitionOf(lane, count)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
