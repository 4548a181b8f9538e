import { Injectable } from '@nestjs/common';

import { commandType, derivedId, laneOf } from '#kernel';

import { unavailable, type Problem } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { CommandPublisher, NotPublished } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import type { Outcome } from '../messaging/outcome.js';
import { systemEnvelope } from '../messaging/system-envelope.js';
import { Privacy } from '../privacy/privacy.js';
import { CommandStatusQueries } from './command-status.queries.js';
import { Outcomes } from './outcomes.js';

export interface CallOptions {
  /** What the command is sent for. Its id follows from purpose, type and lane: sending it again is harmless. */
  readonly purpose: string;
  /** The version of the aggregate that it was decided on: at another one it is rejected as `version_conflict`. */
  readonly expectedVersion?: number;
}

const patience = 10_000;

/** Sends commands, in the name of the system, in the course of requests that answer with something else than them. */
@Injectable()
export class CommandCalls {
  constructor(
    private readonly publisher: CommandPublisher,
    private readonly outcomes: Outcomes,
    private readonly commands: CommandStatusQueries,
    private readonly privacy: Privacy,
  ) {}

  /**
   * Sends a command and waits for its outcome.
   * @throws Problem 503 `broker_unavailable`, or `outcome_unknown` when it is not told within ten seconds
   */
  async call(command: object, options: CallOptions): Promise<Outcome> {
    const envelope = this.#envelope(command, options);
    const waiting = this.outcomes.expect(envelope.id);
    try {
      await this.publisher.publish(envelope, { replied: waiting !== undefined });
    } catch (error) {
      waiting?.cancel();
      throw error instanceof NotPublished ? notTaken() : error;
    }
    const told = waiting && (await waiting.within(patience));
    if (told) return told;
    const stored = await this.commands.byId(envelope.id);
    if (!stored?.settled_at) throw unknown();
    return stored as Outcome;
  }

  #envelope(command: object, { purpose, expectedVersion }: CallOptions): Envelope {
    const { correlationId } = requestScope();
    const id = derivedId(purpose, commandType(command.constructor).name, laneOf(command));
    const sent = { id, author: 'system', roles: ['admin'], acceptedAt: new Date(), correlationId };
    return { ...systemEnvelope(command, sent, this.privacy), expectedVersion };
  }
}

const notTaken = (): Problem =>
  unavailable('broker_unavailable', 'the message broker does not take what this needs at present: try again');

const unknown = (): Problem =>
  unavailable('outcome_unknown', 'what this needs was begun, but is not done yet: try again');
