import { commandType, decode, laneOf, toWire } from '#kernel';

import type { Privacy } from '../privacy/privacy.js';
import type { Envelope } from './envelope.js';

/**
 * The envelope of a command that no HTTP request stands behind.
 * @throws InvalidMessage when the command is not valid: no API has looked at it before
 */
export function systemEnvelope(
  command: object,
  sent: Pick<Envelope, 'id' | 'author' | 'roles' | 'acceptedAt' | 'correlationId' | 'traceParent'>,
  privacy: Privacy,
): Envelope {
  const { name, context, type } = commandType(command.constructor);
  const wire = toWire(command);
  decode(type, wire);
  const lane = laneOf(command);
  return {
    ...sent,
    type: name,
    context,
    lane,
    resourceId: lane,
    body: Buffer.from(JSON.stringify(privacy.sealCommand(name, wire))),
  };
}
