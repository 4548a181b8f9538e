import { crc32 } from 'node:zlib';

import { Keyring, sameSignature } from './keyring.js';

/** A command on its way: what the API promised, signed so that nobody else can promise it. */
export interface Envelope {
  /** The command's id. */
  readonly id: string;
  /** Wire name. */
  readonly type: string;
  readonly context: string;
  readonly lane: string;
  /** Id of the aggregate that the command is for. */
  readonly resourceId: string;
  readonly author: string;
  readonly roles: readonly string[];
  readonly acceptedAt: Date;
  readonly correlationId: string;
  /** SHA-256 over author, route and idempotency key. */
  readonly keyHash?: Buffer;
  /** SHA-256 over method, path, query, body and `If-Match`. */
  readonly fingerprint?: Buffer;
  /** The aggregate must be at this version, else the command is rejected. */
  readonly expectedVersion?: number;
  /** Not started by then, the command is rejected. */
  readonly deadline?: Date;
  readonly traceParent?: string;
  /** How often an operator had changed the payload when it was read, for a parked command. Not part of the message. */
  readonly edition?: number;
  /** The payload: JSON text in UTF-8. */
  readonly body: Buffer;
}

/** The AMQP properties that carry an envelope. */
export interface EnvelopeProperties {
  readonly messageId: string;
  readonly type: string;
  readonly correlationId: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Opened =
  | { readonly kind: 'genuine'; readonly envelope: Envelope }
  /** Signed with a key that this process does not have: perhaps another release does. */
  | { readonly kind: 'unknown_key'; readonly envelope: Envelope }
  | { readonly kind: 'dead'; readonly reason: 'malformed' | 'signature_invalid' };

const headerNames = [
  'context',
  'lane',
  'resource-id',
  'author',
  'roles',
  'accepted-at',
  'key-hash',
  'fingerprint',
  'expected-version',
  'deadline',
  'traceparent',
  'key-id',
] as const;

/** As `Date.toISOString` writes the years that Postgres and we agree on. */
const isMoment = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Signs and verifies envelopes: HMAC-SHA-256 over all properties and the body, under one of several keys. */
export class EnvelopeSeal {
  readonly #keys: Keyring;

  /** @param keys `id:secret[,id:secret …]`: the first signs, all verify, so that keys rotate without a pause */
  constructor(keys: string) {
    this.#keys = new Keyring(keys);
  }

  seal(envelope: Envelope): EnvelopeProperties {
    const headers: Record<string, string> = {
      context: envelope.context,
      lane: envelope.lane,
      'resource-id': envelope.resourceId,
      author: envelope.author,
      roles: envelope.roles.join(','),
      'accepted-at': envelope.acceptedAt.toISOString(),
      'key-id': this.#keys.signingKey,
    };
    if (envelope.keyHash) headers['key-hash'] = envelope.keyHash.toString('base64url');
    if (envelope.fingerprint) headers.fingerprint = envelope.fingerprint.toString('base64url');
    if (envelope.expectedVersion !== undefined) headers['expected-version'] = String(envelope.expectedVersion);
    if (envelope.deadline) headers.deadline = envelope.deadline.toISOString();
    if (envelope.traceParent) headers.traceparent = envelope.traceParent;
    const properties = { messageId: envelope.id, type: envelope.type, correlationId: envelope.correlationId, headers };
    headers.signature = this.#sign(properties, envelope.body, this.#keys.signingKey)?.toString('base64url') as string;
    return properties;
  }

  open(properties: EnvelopeProperties, body: Buffer): Opened {
    const envelope = read(properties, body);
    const { 'key-id': keyId, signature } = properties.headers;
    if (!envelope || !keyId || !signature) return { kind: 'dead', reason: 'malformed' };
    const expected = this.#sign(properties, body, keyId);
    if (!expected) return { kind: 'unknown_key', envelope };
    return sameSignature(signature, expected)
      ? { kind: 'genuine', envelope }
      : { kind: 'dead', reason: 'signature_invalid' };
  }

  #sign(
    { messageId, type, correlationId, headers }: EnvelopeProperties,
    body: Buffer,
    keyId: string,
  ): Buffer | undefined {
    const signed = [messageId, type, correlationId, ...headerNames.map((name) => headers[name] ?? null)];
    return this.#keys.sign(keyId, JSON.stringify(signed), body);
  }
}

/** Checked before the signature is: what cannot be stored as text must not get as far as the database. */
const plainText = /^[\x21-\x7e]{1,256}$/;

function read({ messageId, type, correlationId, headers }: EnvelopeProperties, body: Buffer): Envelope | undefined {
  const { context, lane, 'resource-id': resourceId, author, roles, 'accepted-at': acceptedAt } = headers;
  if (![messageId, lane, resourceId].every((id) => id !== undefined && uuidText.test(id))) return undefined;
  if (![type, correlationId, context, author].every((text) => text !== undefined && plainText.test(text)))
    return undefined;
  if (roles === undefined || acceptedAt === undefined || !isMoment(acceptedAt)) return undefined;
  const { 'expected-version': expectedVersion, deadline } = headers;
  if (expectedVersion !== undefined && !/^\d{1,9}$/.test(expectedVersion)) return undefined;
  if (deadline !== undefined && !isMoment(deadline)) return undefined;
  return {
    id: messageId,
    type,
    context: context as string,
    lane: lane as string,
    resourceId: resourceId as string,
    author: author as string,
    roles: roles ? roles.split(',') : [],
    acceptedAt: new Date(acceptedAt),
    correlationId,
    keyHash: headers['key-hash'] === undefined ? undefined : Buffer.from(headers['key-hash'], 'base64url'),
    fingerprint: headers.fingerprint === undefined ? undefined : Buffer.from(headers.fingerprint, 'base64url'),
    expectedVersion: expectedVersion === undefined ? undefined : Number(expectedVersion),
    deadline: deadline === undefined ? undefined : new Date(deadline),
    traceParent: headers.traceparent,
    body,
  };
}

/** The number that a lane is assigned to a partition by: CRC-32 of its text, so that SQL can compare it after a change of the count. */
export const laneHash = (lane: string): number => crc32(lane);

export const partitionOf = (lane: string, count: number): number => laneHash(lane) % count;
