import type { CloudEvent } from '../messaging/cloud-event.js';
import type { EnvelopeProperties } from '../messaging/envelope.js';
import type { Privacy } from '../privacy/privacy.js';

/** A command as it stood in its queue, signature and all. */
export interface ParkedMessage {
  readonly properties: EnvelopeProperties;
  readonly body: Buffer;
}

/** How a parked row holds its command. */
export const packedMessage = ({ properties, body }: ParkedMessage): string =>
  JSON.stringify({ properties, body: body.toString('base64') });

export function unpackedMessage(bytes: Buffer): ParkedMessage {
  const { properties, body } = JSON.parse(bytes.toString('utf8')) as { properties: EnvelopeProperties; body: string };
  return { properties, body: Buffer.from(body, 'base64') };
}

/** What a parked event is sealed as. */
const parkedEvent = 'parked event';

/** How a parked row holds its event: another release may know more of it to be personal. */
export const packedEvent = (event: CloudEvent, privacy: Pick<Privacy, 'sealText'>): Buffer =>
  Buffer.from(privacy.sealText(JSON.stringify(event), parkedEvent));

/**
 * The event of a parked row. What is personal in it is sealed still.
 * @throws CannotOpen
 */
export const unpackedEvent = (bytes: Buffer, privacy: Pick<Privacy, 'openText'>): CloudEvent =>
  JSON.parse(privacy.openText(bytes.toString('utf8'), parkedEvent)) as CloudEvent;

const deadMessage = 'dead message';

/** How the body of a dead message is kept: nobody knows what it holds that nobody is known to have sent. */
export const packedBody = (body: Buffer, privacy: Pick<Privacy, 'sealText'>): Buffer =>
  Buffer.from(privacy.sealText(body.toString('base64'), deadMessage));

/** @throws CannotOpen */
export const unpackedBody = (bytes: Buffer, privacy: Pick<Privacy, 'openText'>): Buffer =>
  Buffer.from(privacy.openText(bytes.toString('utf8'), deadMessage), 'base64');
