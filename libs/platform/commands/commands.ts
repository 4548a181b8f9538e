import { Injectable, Logger } from '@nestjs/common';

import { commandType, laneOf, toWire } from '#kernel';

import { failpoint } from '../failpoints/failpoint.js';
import { Problem } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { CommandPublisher, NotPublished, type NotPublishedReason } from '../messaging/command-publisher.js';

/** The answer to a command that was accepted. */
export interface Accepted {
  readonly command_id: string;
  readonly status: 'accepted';
  readonly message: string;
  readonly type: string;
  readonly resource_id: string;
  readonly links: { readonly self: string };
}

export const statusPath = (id: string): string => `/api/v1/commands/${id}`;

const explanations: Readonly<Record<NotPublishedReason, string>> = {
  unreachable: 'the message broker cannot be reached at present',
  blocked: 'the message broker takes no messages at present',
  busy: 'too many commands are under way',
  refused: 'the message broker did not take the command',
  unroutable: 'the queue of this command is being set up',
  unknown: 'the message broker did not confirm in time',
};

/** Accepts commands: what it returns for is applied exactly once, in order for its aggregate. */
@Injectable()
export class Commands {
  readonly #log = new Logger(Commands.name);

  constructor(private readonly publisher: CommandPublisher) {}

  /**
   * Hands the request's command over to the broker, and resolves once the broker holds it durably.
   * @throws Problem 503 `broker_unavailable` with the command's id: sending the request again with the same
   *   `Idempotency-Key` is safe
   */
  async send(command: object): Promise<Accepted> {
    const scope = requestScope();
    if (!scope.command || !scope.user) throw new Error(`the route that sends ${command.constructor.name} lacks @Sends`);
    const { name, context } = commandType(command.constructor);
    const { id } = scope.command;
    const lane = laneOf(command);
    const self = statusPath(id);
    try {
      await failpoint('api.before_publish', id);
      await this.publisher.publish({
        ...scope.command,
        type: name,
        context,
        lane,
        resourceId: lane,
        author: scope.user.id,
        roles: scope.user.roles,
        acceptedAt: new Date(),
        correlationId: scope.correlationId,
        traceParent: traceParent(scope.request.headers.traceparent),
        body: Buffer.from(JSON.stringify(toWire(command))),
      });
      await failpoint('api.after_publish', id);
    } catch (error) {
      if (!(error instanceof NotPublished)) throw error;
      this.#log.warn({ message: 'a command was not accepted', command_id: id, type: name, reason: error.reason });
      throw new Problem({
        code: 'UNAVAILABLE',
        reason: 'broker_unavailable',
        detail: `${explanations[error.reason]}: send it again, with the same Idempotency-Key if it had one`,
        headers: { 'Retry-After': '2', Location: self },
        more: { command_id: id, links: { self } },
      });
    }
    await failpoint('api.before_answer', id);
    return {
      command_id: id,
      status: 'accepted',
      message: 'the command was accepted; links.self tells what became of it',
      type: name,
      resource_id: lane,
      links: { self },
    };
  }
}

/** W3C Trace Context; anything else is dropped. */
const traceParent = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header) ? header : undefined;
