import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply } from 'fastify';

import { isInfrastructure } from '../database/errors.js';
import { positionOf } from '../event-log/positions.js';
import { entityTag } from '../http/preconditions.js';
import { codeOfKind, Problem } from '../http/problem.js';
import { pathOf } from '../http/request-path.js';
import { requestScope, type RequestedCommand } from '../http/request-scope.js';
import type { Resource } from '../http/resource.js';
import type { Outcome } from '../messaging/outcome.js';
import { CommandStatusQueries } from './command-status.queries.js';
import { statusPath, type Accepted } from './commands.js';

/** What a route's answer is made of once its command has succeeded. */
export interface CommandRoute {
  readonly reads?: Resource;
  readonly deletes?: boolean;
}

/** Makes the answer to a request that sent a command: at once, or when its sender wants it so, with what became of it. */
@Injectable()
export class CommandAnswers {
  constructor(
    private readonly commands: CommandStatusQueries,
    private readonly modules: ModuleRef,
  ) {}

  /** @throws Problem when the command was rejected while its sender waited */
  async of(accepted: Accepted, route: CommandRoute, reply: FastifyReply): Promise<unknown> {
    const scope = requestScope();
    const command = scope.command as RequestedCommand;
    const { waiting, preference } = command;
    reply.header('Command-Id', accepted.command_id);
    reply.header('Location', statusPath(accepted.command_id));
    if (preference.applied && (waiting !== undefined || preference.wait === 0))
      reply.header('Preference-Applied', preference.applied);
    if (!waiting) return accepted;
    const outcome = (await waiting.within(preference.wait * 1_000)) ?? (await this.#stored(accepted.command_id));
    if (!outcome) return accepted;
    const { problem, result, status, position } = outcome;
    if (position !== undefined) reply.header('Consistency-Token', position);
    if (problem) throw new Problem({ ...problem, code: codeOfKind[problem.kind] });
    if (status === 'discarded') throw discarded();
    if (route.deletes) {
      scope.status = 204;
      return undefined;
    }
    const view = await this.#read(route.reads, accepted.resource_id, result?.created === true);
    if (!view) return accepted;
    const made = result?.created === true && !route.reads?.alone;
    scope.status = made ? 201 : 200;
    if (made) reply.header('Location', `${route.reads?.path ?? pathOf(scope.request)}/${accepted.resource_id}`);
    if (view.version !== undefined) reply.header('ETag', entityTag(view.version, route.reads?.phase?.(view as never)));
    return view;
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
