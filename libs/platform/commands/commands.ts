import { Injectable, Logger } from '@nestjs/common';

import { commandType, laneOf, resourceOf, toWire } from '#kernel';

import { failpoint } from '../failpoints/failpoint.js';
import { Problem } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { CommandPublisher, NotPublished, type NotPublishedReason } from '../messaging/command-publisher.js';
import { ApiMetrics } from '../observability/api-metrics.js';
import { Privacy } from '../privacy/privacy.js';
import { Backlog, type Full } from './backlog.js';
import { anonymous } from './command-ids.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { Outcomes } from './outcomes.js';
import { UnknownCommands } from './unknown-commands.js';

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

  constructor(
    private readonly publisher: CommandPublisher,
    private readonly keys: IdempotencyKeys,
    private readonly outcomes: Outcomes,
    private readonly backlog: Backlog,
    private readonly unknown: UnknownCommands,
    private readonly metrics: ApiMetrics,
    private readonly privacy: Privacy,
  ) {}

  /**
   * Hands the request's command over to the broker, and resolves once the broker holds it durably.
   * @throws Problem 422 `idempotency_key_reused` when the key is known to have been used with another request; with the
   *   command's id, 429 `backlog_full` when too many wait already, and 503 `broker_unavailable`: sending the request again
   *   with the same `Idempotency-Key` is safe
   */
  async send(command: object): Promise<Accepted> {
    const { command: requested, user, correlationId, request } = requestScope();
    if (!requested) throw new Error(`the route that sends ${command.constructor.name} lacks @Sends`);
    if (this.keys.reused(requested) || (await this.keys.reusedInStore(requested))) throw keyReused();
    const { name, context } = commandType(command.constructor);
    const { id, keyHash, fingerprint, expectedVersion, deadline, preference } = requested;
    const lane = laneOf(command);
    const resourceId = resourceOf(command);
    requested.sent = true;
    const full = this.backlog.admit(context, lane);
    if (full) {
      this.metrics.notAccepted('backlog_full');
      throw backlogFull(full);
    }
    if (preference.wait > 0) requested.waiting = this.outcomes.expect(id);
    try {
      await failpoint('api.before_publish', id);
      await this.publisher.publish(
        {
          id,
          keyHash,
          fingerprint,
          expectedVersion,
          deadline,
          type: name,
          context,
          lane,
          resourceId,
          author: user?.id ?? anonymous,
          roles: user?.roles ?? [],
          acceptedAt: new Date(),
          correlationId,
          traceParent: traceParent(request.headers.traceparent),
          body: Buffer.from(JSON.stringify(this.privacy.sealCommand(name, toWire(command)))),
        },
        { replied: requested.waiting !== undefined },
      );
      await failpoint('api.after_publish', id);
    } catch (error) {
      requested.waiting?.cancel();
      if (!(error instanceof NotPublished)) throw error;
      this.metrics.notAccepted(error.reason);
      this.#log.warn({ message: 'a command was not accepted', command_id: id, type: name, reason: error.reason });
      throw new Problem({
        code: 'UNAVAILABLE',
        reason: 'broker_unavailable',
        detail: `${explanations[error.reason]}: send it again, with the same Idempotency-Key if it had one`,
        headers: { 'Retry-After': '2' },
      });
    }
    this.metrics.accepted(name);
    this.keys.remember(requested);
    this.unknown.forget(id);
    await failpoint('api.before_answer', id);
    return {
      command_id: id,
      status: 'accepted',
      message: 'the command was accepted; links.self tells what became of it',
      type: name,
      resource_id: resourceId,
      links: { self: statusPath(id) },
    };
  }
}

const keyReused = (): Problem =>
  new Problem({
    code: 'UNPROCESSABLE',
    reason: 'idempotency_key_reused',
    detail: 'the Idempotency-Key has been used with another request: send a new key',
  });

const backlogFull = ({ retryAfter }: Full): Problem =>
  new Problem({
    code: 'RATE_LIMITED',
    reason: 'backlog_full',
    detail: `too many commands wait before this one: send it again after ${retryAfter} s, with the same Idempotency-Key if it had one`,
    headers: { 'Retry-After': String(retryAfter) },
  });

/** W3C Trace Context; anything else is dropped. */
const traceParent = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header) ? header : undefined;
