import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply } from 'fastify';

import { toWire } from '#kernel';

import { isInfrastructure } from '../database/errors.js';
import { latestPosition, positionOf } from '../event-log/positions.js';
import { entityTag } from '../http/preconditions.js';
import { codeOfKind, Problem, problemDocument } from '../http/problem.js';
import { pathOf } from '../http/request-path.js';
import { requestScope, type RequestedCommand } from '../http/request-scope.js';
import type { Resource } from '../http/resource.js';
import type { SendsRoute } from '../http/sends.decorator.js';
import type { Outcome } from '../messaging/outcome.js';
import { CommandStatusQueries } from './command-status.queries.js';
import { statusPath, type Accepted, type SentItem } from './commands.js';
import type { Waiting } from './outcomes.js';

/** What a route's answer is made of once its command has succeeded. */
export type CommandRoute = Pick<SendsRoute, 'reads' | 'deletes' | 'answers'>;

/** How a route calls what became of an item: its success, and the id of its aggregate. */
export type ItemRoute = NonNullable<SendsRoute['each']>;

/** Makes the answer to a request that sent a command: at once, or when its sender wants it so, with what became of it. */
@Injectable()
export class CommandAnswers {
  constructor(
    private readonly commands: CommandStatusQueries,
    private readonly modules: ModuleRef,
  ) {}

  /**
   * At once where nobody waits for the outcome.
   * @throws Problem when the command was rejected while its sender waited
   */
  of(accepted: Accepted, route: CommandRoute, reply: FastifyReply): Accepted | Promise<unknown> {
    const { waiting, preference } = requestScope().command as RequestedCommand;
    reply.header('Command-Id', accepted.command_id);
    reply.header('Location', statusPath(accepted.command_id));
    if (preference.applied && (waiting !== undefined || preference.wait === 0))
      reply.header('Preference-Applied', preference.applied);
    return waiting ? this.#settled(accepted, waiting, route, reply) : accepted;
  }

  async #settled(accepted: Accepted, waiting: Waiting, route: CommandRoute, reply: FastifyReply): Promise<unknown> {
    const scope = requestScope();
    const { preference } = scope.command as RequestedCommand;
    const outcome = (await waiting.within(preference.wait * 1_000)) ?? (await this.#stored(accepted.command_id));
    if (!outcome) return accepted;
    const { result, position } = outcome;
    if (position !== undefined) reply.header('Consistency-Token', position);
    const refusal = refusalOf(outcome);
    if (refusal) throw refusal;
    if (route.deletes) {
      scope.status = 204;
      return undefined;
    }
    if (route.answers) {
      scope.status = 201;
      const path = route.reads?.path ?? pathOf(scope.request);
      reply.header('Location', `${path}/${accepted.resource_id}`);
      return toWire(route.answers.make(accepted, reply.elapsedTime));
    }
    const view = await this.#read(route.reads, accepted.resource_id, result?.created === true);
    if (!view) return accepted;
    const made = result?.created === true && !route.reads?.alone;
    scope.status = made ? 201 : 200;
    if (made) reply.header('Location', `${route.reads?.path ?? pathOf(scope.request)}/${accepted.resource_id}`);
    if (view.version !== undefined) reply.header('ETag', entityTag(view.version, route.reads?.phase?.(view as never)));
    return view;
  }

  /** What became of each item: 202 while some may still become something, else 200. */
  async ofEach(sent: readonly SentItem[], route: ItemRoute, reply: FastifyReply): Promise<unknown> {
    const scope = requestScope();
    const { preference } = scope.command as RequestedCommand;
    const waited = sent.some((item) => 'waiting' in item && item.waiting);
    if (preference.applied && (waited || preference.wait === 0)) reply.header('Preference-Applied', preference.applied);
    const until = performance.now() + preference.wait * 1_000;
    const outcomes = await Promise.all(sent.map((item) => this.#outcome(item, until)));
    const position = latestPosition(outcomes.flatMap((outcome) => outcome?.position ?? []));
    if (position !== undefined) reply.header('Consistency-Token', position);
    const items = sent.map((item, index) => shownItem(item, index, outcomes[index], route));
    scope.status = items.some(({ status }) => status === 'accepted') ? 202 : 200;
    return { items };
  }

  async #outcome(item: SentItem, until: number): Promise<Outcome | undefined> {
    if (!('waiting' in item) || !item.waiting) return undefined;
    const told = await item.waiting.within(Math.max(0, until - performance.now()));
    return told ?? this.#stored(item.accepted.command_id);
  }

  /** Whoever waited in vain reads the status once more: the reply may have been lost. */
  async #stored(id: string): Promise<Outcome | undefined> {
    const stored = await unlessAway(this.commands.byId(id));
    if (!stored?.settled_at) return undefined;
    const { era, xid } = stored;
    return {
      ...(stored as Outcome),
      ...(era !== null && xid !== null && { position: positionOf(era, xid) }),
    };
  }

  async #read(
    resource: Resource | undefined,
    id: string,
    made: boolean,
  ): Promise<{ readonly version?: number } | undefined> {
    // Whoever has made something without a token sees it as its owner does, this once.
    const { user = made ? { id, roles: ['user'] } : undefined } = requestScope();
    if (!resource || !user) return undefined;
    return unlessAway(this.modules.get(resource.queries, { strict: false }).byId(id, user));
  }
}

interface ShownItem {
  readonly index: number;
  readonly status: string;
  readonly [field: string]: unknown;
}

function shownItem(item: SentItem, index: number, outcome: Outcome | undefined, { done, id }: ItemRoute): ShownItem {
  const problem = 'problem' in item ? item.problem : outcome && refusalOf(outcome);
  const shown = problem && problemDocument(problem.details, undefined, requestScope().correlationId);
  if ('problem' in item) return { index, status: 'rejected', command_id: item.commandId, problem: shown };
  const { command_id, resource_id } = item.accepted;
  const made = { [id]: resource_id, command_id };
  if (problem) return { index, status: 'rejected', ...made, problem: shown };
  return { index, status: outcome ? done : 'accepted', ...made };
}

/** Why the command was not done; undefined when it was. */
function refusalOf({ problem, status }: Outcome): Problem | undefined {
  if (problem) return new Problem({ ...problem, code: codeOfKind[problem.kind] });
  return status === 'discarded' ? discarded() : undefined;
}

/** The command was accepted whatever Postgres does now: an answer that cannot be completed is still a 202. */
async function unlessAway<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isInfrastructure(error)) return undefined;
    throw error;
  }
}

const discarded = (): Problem =>
  new Problem({
    code: 'CONFLICT',
    reason: 'command_discarded',
    detail: 'an operator discarded the command: send a new one if it is still wanted',
  });
