import { setTimeout as delay } from 'node:timers/promises';

import { Controller, Get, Headers, Logger, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { OptionalToken } from '../auth/access-policy.js';
import { positionOf } from '../event-log/positions.js';
import { AnswersProblems, headers } from '../http/answers.js';
import { Draining } from '../http/draining.js';
import { preferenceOf } from '../http/preference.js';
import { codeOfKind, notFound, Problem, problemDocument } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { commandSchema } from '../http/schemas.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { InboxDays } from '../messaging/inbox-days.js';
import { ApiMetrics } from '../observability/api-metrics.js';
import { anonymous, CommandIds } from './command-ids.js';
import { CommandStatusQueries, type StoredCommand } from './command-status.queries.js';
import { statusPath } from './commands.js';
import { Outcomes } from './outcomes.js';
import { UnknownCommands } from './unknown-commands.js';

/** Pauses between looks at a command that somebody waits for, in milliseconds: they grow from the first to the last. */
const pauses = { first: 20, last: 500 };

@ApiTags('commands')
@Controller('commands')
export class CommandsController {
  readonly #log = new Logger(CommandsController.name);

  constructor(
    private readonly ids: CommandIds,
    private readonly commands: CommandStatusQueries,
    private readonly outcomes: Outcomes,
    private readonly unknown: UnknownCommands,
    private readonly inbox: InboxDays,
    private readonly metrics: ApiMetrics,
    private readonly draining: Draining,
  ) {}

  @Get(':command_id')
  @OptionalToken()
  @ApiBearerAuth()
  @ApiSecurity({})
  @ApiOperation({
    summary: 'What became of a command',
    description:
      'Only its author may ask, and admins once it is stored. Without a token it shows commands that were sent without one: there the id is the secret.',
  })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`wait=<seconds>` (at most 30): answer when the command is settled, or then',
    schema: { type: 'string' },
  })
  @ApiResponse({
    status: 200,
    description:
      'Where it stands: accepted, retrying, blocked, succeeded, rejected, dead, discarded, scheduled or unknown (it is nowhere: never accepted, or lost).',
    headers: headers('Preference-Applied'),
    content: { 'application/json': { schema: commandSchema } },
  })
  @AnswersProblems(401, 404, 406, 410, 429, 503)
  async status(
    @Param('command_id', UuidPipe) id: string,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    const own = this.#own(id);
    const { wait, applied } = preferenceOf(prefer);
    let stored = await this.commands.byId(id);
    if (wait > 0 && !stored?.settled_at && (own || this.#mayRead(stored))) {
      const waiting = this.outcomes.expect(id);
      if (waiting && applied) reply.header('Preference-Applied', applied);
      if (waiting)
        stored = await this.#settled(id, stored, performance.now() + wait * 1_000).finally(() => waiting.cancel());
    }
    if (stored && (own || this.#mayRead(stored))) return this.#standing(id, stored);
    if (!stored && own) return this.#standing(id, undefined);
    throw notFound('command_not_found', `there is no command ${id} of yours`);
  }

  /** @throws Problem 410 when it is so old that its outcome may have been forgotten: it has none to come either */
  async #standing(id: string, stored: StoredCommand | undefined): Promise<Record<string, unknown>> {
    const links = { self: statusPath(id) };
    const acceptedAt = this.ids.acceptedAt(id);
    if (!stored && acceptedAt && this.inbox.forgets(acceptedAt)) throw forgotten(id);
    if (stored && stored.status !== 'accepted') return { command_id: id, ...shown(stored), links };
    const accepted = {
      command_id: id,
      ...(stored ? shown(stored) : { status: 'accepted', accepted_at: acceptedAt }),
      links,
    };
    if (!(await this.unknown.has(id, stored?.published_at ?? acceptedAt))) return accepted;
    // What was settled after the first look is not under way any more either.
    const now = await this.commands.byId(id);
    if (now && now.status !== 'accepted') return { command_id: id, ...shown(now), links };
    this.metrics.unknown();
    this.#log.warn({ message: 'a command is nowhere: it was never accepted, or it was lost', command_id: id });
    return { ...accepted, status: 'unknown' };
  }

  #own(id: string): boolean {
    const { user } = requestScope();
    return (user !== undefined && this.ids.issuedTo(user.id, id)) || this.ids.issuedTo(anonymous, id);
  }

  #mayRead(stored: StoredCommand | undefined): boolean {
    const { user } = requestScope();
    return !!stored && !!user && (stored.author === user.id || user.roles.includes('admin'));
  }

  /** Looks again and again: another instance of the API may have sent the command, and would hear the reply. */
  async #settled(id: string, seen: StoredCommand | undefined, deadline: number): Promise<StoredCommand | undefined> {
    let stored = seen;
    for (let pause = pauses.first; !stored?.settled_at && !this.draining.begun; pause *= 1.5) {
      const left = deadline - performance.now();
      if (left <= 0) break;
      await delay(Math.min(pause, pauses.last, left));
      stored = await this.commands.byId(id);
    }
    return stored;
  }
}

const forgotten = (id: string): Problem =>
  new Problem({
    code: 'GONE',
    reason: 'command_forgotten',
    detail: `command ${id} was sent so long ago that its outcome is not kept any more: look at what it was for`,
  });

function shown(command: StoredCommand): Record<string, unknown> {
  const { type, resource_id, status, accepted_at, settled_at, attempts, problem, result } = command;
  const { blocked_by, next_attempt_at, due_at, era, xid } = command;
  const { correlationId } = requestScope();
  return {
    type,
    resource_id,
    status,
    accepted_at,
    settled_at,
    attempts,
    ...(result && { result }),
    ...(problem && {
      problem: problemDocument({ ...problem, code: codeOfKind[problem.kind] }, undefined, correlationId),
    }),
    ...(blocked_by && { blocked_by }),
    ...(next_attempt_at && { next_attempt_at }),
    ...(due_at && { due_at }),
    ...(era !== null && xid !== null && { position: positionOf(era, xid) }),
  };
}
