import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Authenticated } from '../auth/access-policy.js';
import type { VerifiedToken } from '../auth/authenticated-user.js';
import { requestScope } from '../http/request-scope.js';
import { eventStream, Streams } from '../http/streams.decorator.js';
import { Hub } from './hub.js';

const example = `retry: 2000
id: WyIxNzYzNzM…

event: command
id: WyIxNzYzNzM…
data: {"command_id":"01a1fd25-bcde-724d-bb0c-5c3c6ecba273","type":"tasks.create_task.v1","status":"succeeded", …}
`;

@ApiTags('realtime')
@Controller('realtime')
export class RealtimeController {
  constructor(private readonly hub: Hub) {}

  @Get()
  @Authenticated()
  @ApiBearerAuth()
  @Streams({
    summary: 'What becomes of your commands, and what else concerns you, as it happens',
    description:
      'Server-sent events: `command` with the fields of `GET /commands/{command_id}`, and what contexts tell of their events. `reset`: something was missed, read again what you show. `expired`: the access token is not valid any more, come back with another. At least once: a copy has the same `command_id`.',
    example,
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last `id` that you have got, at most 5 minutes ago: you are told what came after it',
    schema: { type: 'string' },
  })
  async follow(
    @Headers('last-event-id') lastId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Whoever asks for the headers alone does not listen.
    if (request.method === 'HEAD') return void (await reply.type(eventStream).send());
    const token = requestScope().token as VerifiedToken;
    const { body } = await this.hub.open(token, reply.raw, lastId || undefined);
    // Proxies that collect answers would keep the events to themselves.
    await reply.type(eventStream).header('X-Accel-Buffering', 'no').send(body);
  }
}
