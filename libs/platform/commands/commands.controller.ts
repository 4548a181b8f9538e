import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { codeOfKind, Problem, problemDocument } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { Me, problems } from '../http/sends.decorator.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { CommandIds } from './command-ids.js';
import { CommandStatusQueries, type StoredCommand } from './command-status.queries.js';
import { statusPath } from './commands.js';

@ApiTags('commands')
@ApiBearerAuth()
@Controller('commands')
export class CommandsController {
  constructor(
    private readonly ids: CommandIds,
    private readonly commands: CommandStatusQueries,
  ) {}

  @Get(':command_id')
  @ApiOperation({ summary: 'What became of a command. Only its author may ask, and admins once it is stored.' })
  @ApiResponse({ status: 200, description: 'accepted, retrying, blocked, succeeded, rejected, dead or discarded' })
  @Problems()
  async status(
    @Param('command_id', UuidPipe) id: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Record<string, unknown>> {
    const links = { self: statusPath(id) };
    const stored = await this.commands.byId(id);
    const own = this.ids.issuedTo(me.id, id);
    if (stored && (stored.author === me.id || me.roles.includes('admin')))
      return { command_id: id, ...shown(stored), links };
    if (!stored && own) return { command_id: id, status: 'accepted', accepted_at: this.ids.acceptedAt(id), links };
    throw new Problem({ code: 'NOT_FOUND', reason: 'command_not_found', detail: `there is no command ${id} of yours` });
  }
}

function Problems(): MethodDecorator {
  return (...target) => problems(401, 404, 503).forEach((decorate) => decorate(...target));
}

function shown(command: StoredCommand): Record<string, unknown> {
  const { type, resource_id, status, accepted_at, settled_at, attempts, problem, blocked_by } = command;
  const { correlationId } = requestScope();
  return {
    type,
    resource_id,
    status,
    accepted_at,
    settled_at,
    attempts,
    ...(problem && {
      problem: problemDocument({ ...problem, code: codeOfKind[problem.kind] }, undefined, correlationId),
    }),
    ...(blocked_by && { blocked_by }),
  };
}
