import { createPublicKey, randomUUID } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { CreateTask, StartTask } from '#contexts/tasks/contract/index.js';
import { commandType, derivedId, laneOf, newId, toWire } from '#kernel';
import { TokenKeys } from '#platform/auth/token-keys.js';
import { development } from '#platform/config/development.js';
import { EnvelopeSeal, partitionOf } from '#platform/messaging/envelope.js';
import { partitions, type RawMessage, type TestBroker } from '#testing/test-broker.js';

/** The work that is given to ContextFlow and, in their own form, to its references. */

/** So many people send requests in turn. */
const people = 1_000;

export const userId = (n: number): string => derivedId('bench user', n % people);
export const taskId = (n: number): string => derivedId('bench task', n);

const task = {
  title: 'one of many tasks',
  description: 'what there is to be done about it',
  priority: 'high',
} as const;

/** The body of the request that creates a task. */
export const newTask = task;

const seal = new EnvelopeSeal(development.envelopeKeys);

/** So many commands, each for another task: new ones, or those that exist from number `from` on. */
export interface Batch {
  readonly kind: 'create' | 'start';
  readonly count: number;
  readonly from?: number;
}

/** The commands as the API of ContextFlow would have sent them. */
export function* envelopes(broker: TestBroker, { kind, count, from = 0 }: Batch): Generator<RawMessage> {
  for (let n = from; n < from + count; n++) {
    const ids = { taskId: kind === 'create' ? newId() : taskId(n), userId: userId(n) };
    yield envelope(broker, kind === 'create' ? new CreateTask({ ...ids, ...task }) : new StartTask(ids), ids.userId);
  }
}

/** One command as the API of ContextFlow would have sent it. */
export function envelope({ topology }: TestBroker, command: object, author: string): RawMessage {
  const { name: type, context } = commandType(command.constructor);
  const lane = laneOf(command);
  const body = Buffer.from(JSON.stringify(toWire(command)));
  const acceptedAt = new Date();
  const about = { id: newId(), type, context, lane, resourceId: lane, author, roles: ['user'], acceptedAt };
  const { messageId, correlationId, headers } = seal.seal({ ...about, correlationId: randomUUID(), body });
  const timestamp = Math.floor(acceptedAt.getTime() / 1_000);
  const properties = { messageId, type, correlationId, headers, timestamp, contentType: 'application/json' };
  const routingKey = topology.routingKey(context, partitions, partitionOf(lane, partitions));
  return { routingKey, body, properties };
}

/** The same commands as Nest's RMQ transport sends them. */
export function* nestMessages(queue: string, { kind, count, from = 0 }: Batch): Generator<RawMessage> {
  for (let n = from; n < from + count; n++) {
    const ids = { commandId: newId(), taskId: kind === 'create' ? newId() : taskId(n), userId: userId(n) };
    const data = kind === 'create' ? { ...ids, ...task } : ids;
    const body = Buffer.from(JSON.stringify({ pattern: `${kind}_task`, data }));
    yield { routingKey: queue, body, properties: {} };
  }
}

/** Secret of the tokens that the references check. */
export const peerSecret = 'a secret of the benchmark, known to everybody';

/** Tokens of everybody, as the references know them. */
export const peerTokens = (): string[] =>
  Array.from({ length: people }, (_, n) =>
    jwt.sign({ roles: ['user'] }, peerSecret, { subject: userId(n), expiresIn: '2h' }),
  );

export const everybody = (): string[] => Array.from({ length: people }, (_, n) => userId(n));

/** PEM of the key that verifies ContextFlow's own tokens. */
export function publicKey(): string {
  const { privateKey } = new TokenKeys(development.jwtKeys).signing;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
}
