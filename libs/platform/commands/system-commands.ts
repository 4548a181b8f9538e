import { setTimeout as delay } from 'node:timers/promises';

import { commandType, derivedId, laneOf, newId } from '#kernel';

import { NotPublished, type CommandPublisher } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import { systemEnvelope } from '../messaging/system-envelope.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';

const pause = 200;

/**
 * Hands over commands that no HTTP request stands behind, in the name of the system, which may do what an admin may.
 * A command's id is derived from its purpose, its type and its resource: however often it is sent for a purpose, it is
 * run once. So a command that has been sent stays as it is; to change what it did, send another.
 */
export class SystemCommands {
  constructor(
    private readonly publisher: CommandPublisher,
    private readonly privacy: Privacy = withoutKeys,
  ) {}

  /**
   * Resolves once the broker holds all of them durably; what became of them is told by their status alone. They are sent
   * one after the other, so that those of a lane keep their order, and again where the broker did not take them.
   * @param signal ends the attempts
   * @returns the commands' ids, in order
   * @throws InvalidMessage, or TypeError when two are the same for the purpose: then nothing was sent
   * @throws NotPublished once the signal has aborted: sending them again is safe
   */
  async send(purpose: string, commands: readonly object[], signal: AbortSignal): Promise<string[]> {
    const correlationId = newId();
    const envelopes = commands.map((command) => envelopeOf(purpose, command, correlationId, this.privacy));
    const ids = envelopes.map(({ id }) => id);
    const twice = envelopes.find(({ id }, index) => ids.indexOf(id) < index);
    if (twice)
      throw new TypeError(`${twice.type} of ${twice.resourceId} is there twice for "${purpose}": leave one out`);
    for (const envelope of envelopes) await this.#insist(envelope, signal);
    return ids;
  }

  async #insist(envelope: Envelope, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.publisher.publish(envelope);
        return;
      } catch (error) {
        if (!(error instanceof NotPublished) || signal.aborted) throw error;
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

function envelopeOf(purpose: string, command: object, correlationId: string, privacy: Privacy): Envelope {
  const sent = {
    id: derivedId(purpose, commandType(command.constructor).name, laneOf(command)),
    author: 'system',
    roles: ['admin'],
    acceptedAt: new Date(),
    correlationId,
  };
  return systemEnvelope(command, sent, privacy);
}
