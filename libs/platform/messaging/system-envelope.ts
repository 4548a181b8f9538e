import { commandType, decode, laneOf, resourceOf, toWire } from '#kernel';

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
  return {
    ...sent,
    type: name,
    context,
    lane: laneOf(command),
    resourceId: resourceOf(command),
    body: Buffer.from(JSON.stringify(privacy.sealCommand(name, wire))),
  };
}
