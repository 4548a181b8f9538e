import { setTimeout as delay } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { commandType, derivedId, laneOf } from '#kernel';

import { unavailable, type Problem } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { CommandPublisher, NotPublished } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import { systemEnvelope } from '../messaging/system-envelope.js';
import { Privacy } from '../privacy/privacy.js';
import { atMost } from '../resilience/at-most.js';

const mostUnderWay = 1_000;
const persistence = 30_000;
const shortly = 1_000;
const pause = 200;
const farewell = 2_000;

interface Sender {
  readonly id: string;
  readonly roles: readonly string[];
}

/** Sends commands that a request causes, but whose outcome its answer does not wait for. */
@Injectable()
export class BackgroundCommands {
  readonly #log = new Logger(BackgroundCommands.name);
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly publisher: CommandPublisher,
    private readonly privacy: Privacy,
  ) {}

  /**
   * Hands a command to the broker without waiting for it, and again for half a minute where it does not take it. What is
   * lost all the same is an error in the log.
   * @param purpose what it is sent for: its id follows from purpose, type and lane, so that sending it again is harmless
   */
  send(purpose: string, command: object, by: Sender): void {
    const envelope = this.#envelope(purpose, command, by);
    if (this.#underWay.size >= mostUnderWay) return this.#lost(envelope, 'too many wait for the broker');
    const sending = this.#insist(envelope, persistence)
      .catch((error: unknown) => this.#lost(envelope, String(error)))
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  /**
   * Hands a command to the broker, for a sender who repeats what was not taken.
   * @param purpose as for `send`: the repetition is the same command
   * @throws Problem 503 `broker_unavailable` when the broker has not taken it within three seconds
   */
  async handOver(purpose: string, command: object, by: Sender): Promise<void> {
    try {
      await this.#insist(this.#envelope(purpose, command, by), shortly);
    } catch (error) {
      throw error instanceof NotPublished ? notTaken() : error;
    }
  }

  /** Gives those that are under way a moment. Called before the publisher ends. */
  async close(): Promise<void> {
    await atMost(farewell, Promise.all(this.#underWay));
  }

  #envelope(purpose: string, command: object, by: Sender): Envelope {
    const { correlationId } = requestScope();
    const id = derivedId(purpose, commandType(command.constructor).name, laneOf(command));
    const sent = { id, author: by.id, roles: by.roles, acceptedAt: new Date(), correlationId };
    return systemEnvelope(command, sent, this.privacy);
  }

  async #insist(envelope: Envelope, patience: number): Promise<void> {
    const end = Date.now() + patience;
    for (;;) {
      try {
        return await this.publisher.publish(envelope);
      } catch (error) {
        if (!(error instanceof NotPublished) || Date.now() > end) throw error;
        await delay(pause, undefined, { ref: false });
      }
    }
  }

  #lost({ type, id }: Envelope, error: string): void {
    this.#log.error({ message: 'a command was not handed to the broker, and is lost', type, command_id: id, error });
  }
}

const notTaken = (): Problem => unavailable('broker_unavailable', 'the message broker did not take it: send it again');
