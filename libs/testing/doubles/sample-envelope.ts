import { randomUUID } from 'node:crypto';

import { toWire } from '#kernel';
import type { Envelope } from '#platform/messaging/envelope.js';

/** The envelope of a command that somebody sent to a lane of its own, unless said otherwise. */
export function sampleEnvelope(fields: Partial<Envelope> = {}): Envelope {
  const lane = fields.lane ?? randomUUID();
  return {
    id: randomUUID(),
    type: 'tasks.start_task.v1',
    context: 'tasks',
    lane,
    resourceId: lane,
    author: '0196a1de-0000-7000-8000-00000000000a',
    roles: ['user'],
    acceptedAt: new Date('2026-03-01T10:00:00.000Z'),
    correlationId: 'a-correlation',
    body: Buffer.from('{}'),
    ...fields,
  };
}

/** The payload of an envelope. */
export const bodyOf = (command: object): Buffer => Buffer.from(JSON.stringify(toWire(command)));
