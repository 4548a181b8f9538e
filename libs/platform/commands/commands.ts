import { Injectable, Logger } from '@nestjs/common';

import { commandType, derivedId, laneOf, resourceOf, toWire } from '#kernel';

import { failpoint } from '../failpoints/failpoint.js';
import { problemOf } from '../http/problem-of.js';
import { Problem, unavailable } from '../http/problem.js';
import { requestScope, type RequestedCommand } from '../http/request-scope.js';
import { CommandPublisher, NotPublished, type NotPublishedReason } from '../messaging/command-publisher.js';
import { ApiMetrics } from '../observability/api-metrics.js';
import { Privacy } from '../privacy/privacy.js';
import { Backlog, type Full } from './backlog.js';
import { anonymous, CommandIds, type CommandIdentity } from './command-ids.js';
import { CommandStatusQueries } from './command-status.queries.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { Outcomes, type Waiting } from './outcomes.js';
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

/** What became of one of the items that a request sends a command each for. */
export type SentItem =
  | { readonly accepted: Accepted; readonly waiting: Waiting | undefined }
  /** Why there is no command, or why it was not accepted: `commandId` is that of one that may have arrived all the same. */
  | { readonly problem: Problem; readonly commandId: string | undefined };

/** Makes the command of an item. `newId` gives the id that its aggregate gets, where the item brings none. */
export type CommandOf = (item: unknown, newId: (field: string) => string) => object;

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
    private readonly ids: CommandIds,
    private readonly keys: IdempotencyKeys,
    private readonly outcomes: Outcomes,
    private readonly backlog: Backlog,
    private readonly unknown: UnknownCommands,
    private readonly metrics: ApiMetrics,
    private readonly privacy: Privacy,
    private readonly stored: CommandStatusQueries,
  ) {}

  /**
   * Hands the request's command over to the broker, and resolves once the broker holds it durably.
   * @throws Problem 422 `idempotency_key_reused` when the key is known to have been used with another request; with the
   *   command's id, 429 `backlog_full` when too many wait already, and 503 `broker_unavailable`: sending the request again
   *   with the same `Idempotency-Key` is safe
   */
  async send(command: object): Promise<Accepted> {
    const requested = requestedCommand(command.constructor.name);
    // Without a key nothing is asked, nor waited for.
    if (requested.keyHash && (this.keys.reused(requested) || (await this.keys.reusedInStore(requested))))
      throw keyReused();
    requested.sent = true;
    const { accepted, waiting } = await this.#accept(command, requested, requested);
    requested.waiting = waiting;
    this.keys.remember(requested);
    return accepted;
  }

  /**
   * Whether the request's command was accepted before, under the same `Idempotency-Key`, as far as this process remembers
   * or Postgres has stored it. What had to be shown for it was shown then, and may not be so any more.
   */
  async isRepeated(): Promise<boolean> {
    const requested = requestedCommand('a command that may be repeated');
    if (!requested.keyHash) return false;
    return this.keys.remembers(requested) || (await this.stored.byId(requested.id)) !== undefined;
  }

  /**
   * Hands over a command for each item of the request, and tells of each what came of it: what is wrong with one is no
   * fault of the others. Their ids follow from the request's own and their place in it, so that sending the request again
   * with its `Idempotency-Key` sends the same commands again.
   * @param list where the items stand in the body
   * @param commandOf what it throws is the item's problem
   * @throws Problem 422 `idempotency_key_reused`; and what `send` throws, where no command at all was accepted for it, with
   *   the ids of all that were made
   */
  async sendEach(list: string, items: readonly unknown[], commandOf: CommandOf): Promise<readonly SentItem[]> {
    const requested = requestedCommand(list);
    const author = requestScope().user?.id ?? anonymous;
    const identities = items.map((_, index) => this.ids.ofItem(requested, index, author));
    if (this.keys.reused(requested) || (await this.keys.reusedInStore(requested, identities))) throw keyReused();
    const sending = identities.map(async (identity, index): Promise<SentItem> => {
      let commandId: string | undefined;
      try {
        const command = commandOf(items[index], (field) => derivedId(identity.id, field));
        commandId = identity.id;
        return await this.#accept(command, identity, requested);
      } catch (error) {
        const problem = problemOf(error, `/${list}/${index}`);
        if (!problem) throw error;
        return { problem, commandId };
      }
    });
    const sent = await Promise.all(sending);
    const nothingTaken = sent.every((item) => 'problem' in item) && sent.find(isTemporary);
    if (nothingTaken) throw withIds(nothingTaken.problem, sent);
    this.keys.remember(requested);
    return sent;
  }

  async #accept(
    command: object,
    { id, keyHash, fingerprint }: CommandIdentity,
    { expectedVersion, deadline, preference }: RequestedCommand,
  ): Promise<{ accepted: Accepted; waiting: Waiting | undefined }> {
    const { user, correlationId, request } = requestScope();
    const { name, context } = commandType(command.constructor);
    const lane = laneOf(command);
    const resourceId = resourceOf(command);
    const full = this.backlog.admit(context, lane);
    if (full) {
      this.metrics.notAccepted('backlog_full');
      throw backlogFull(full);
    }
    const waiting = preference.wait > 0 ? this.outcomes.expect(id) : undefined;
    try {
      const before = failpoint('api.before_publish', id);
      if (before) await before;
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
        { replied: waiting !== undefined },
      );
      const after = failpoint('api.after_publish', id);
      if (after) await after;
    } catch (error) {
      waiting?.cancel();
      if (!(error instanceof NotPublished)) throw error;
      this.metrics.notAccepted(error.reason);
      this.#log.warn({ message: 'a command was not accepted', command_id: id, type: name, reason: error.reason });
      throw notAccepted(error.reason);
    }
    this.metrics.accepted(name);
    this.unknown.forget(id);
    const last = failpoint('api.before_answer', id);
    if (last) await last;
    const accepted = {
      command_id: id,
      status: 'accepted',
      message: 'the command was accepted; links.self tells what became of it',
      type: name,
      resource_id: resourceId,
      links: { self: statusPath(id) },
    } as const;
    return { accepted, waiting };
  }
}

function requestedCommand(what: string): RequestedCommand {
  const { command } = requestScope();
  if (!command) throw new Error(`the route that sends ${what} lacks @Sends`);
  return command;
}

/** The request may be sent again as it is. */
const isTemporary = (item: SentItem): item is Extract<SentItem, { readonly problem: Problem }> =>
  'problem' in item && ['UNAVAILABLE', 'RATE_LIMITED'].includes(item.problem.details.code);

/** Nobody knows of a command without a confirm whether it arrived: whoever sent it can ask. */
function withIds({ details }: Problem, sent: readonly SentItem[]): Problem {
  const items = sent.flatMap((item, index) =>
    'problem' in item && item.commandId ? [{ index, command_id: item.commandId }] : [],
  );
  return new Problem({ ...details, more: { ...details.more, items } });
}

const notAccepted = (reason: NotPublishedReason): Problem =>
  unavailable(
    'broker_unavailable',
    `${explanations[reason]}: send it again, with the same Idempotency-Key if it had one`,
  );

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
