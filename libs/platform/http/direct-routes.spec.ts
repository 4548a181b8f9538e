import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Query,
  UseGuards,
  type CanActivate,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { IsInt, IsString, IsUUID, Length } from 'class-validator';
import { of } from 'rxjs';

import { Command, derivedId, Message, newId, Optional } from '#kernel';

import { Authenticated, OptionalToken, Public, Roles } from '../auth/access-policy.js';
import { AccessTokenStrategy } from '../auth/access-token.strategy.js';
import { AccessTokens } from '../auth/access-tokens.js';
import { AccessGuard } from '../auth/access.guard.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { TokenKeys } from '../auth/token-keys.js';
import { CommandAnswers } from '../commands/command-answers.js';
import { CommandIds } from '../commands/command-ids.js';
import { CommandStatusQueries } from '../commands/command-status.queries.js';
import { statusPath, type Accepted } from '../commands/commands.js';
import { development } from '../config/development.js';
import { ApiMetrics } from '../observability/api-metrics.js';
import { MetricsAccess } from '../observability/metrics-access.js';
import { Metrics } from '../observability/metrics.js';
import { Consistency } from '../projections/consistency.js';
import { AllowedMethods } from './allowed-methods.js';
import { createApi } from './api-application.js';
import { CommandInterceptor } from './command.interceptor.js';
import { ConsistencyInterceptor } from './consistency.interceptor.js';
import { DecodePipe } from './decode.pipe.js';
import { DirectRoute } from './direct-route.js';
import { DirectRoutes } from './direct-routes.js';
import { Draining } from './draining.js';
import { ProblemFilter } from './problem.filter.js';
import { notFound } from './problem.js';
import { RateLimits } from './rate-limits/rate-limits.js';
import { Reads } from './reads.decorator.js';
import { requestScope } from './request-scope.js';
import { ResourceInterceptor } from './resource.interceptor.js';
import { Me, NewId, Sends } from './sends.decorator.js';
import { UuidPipe } from './uuid.pipe.js';

@Command('boxes.pack_box.v1', 'boxId')
class PackBox extends Message<PackBox> {
  @IsUUID() readonly boxId!: string;
  @Length(1, 20) readonly label!: string;
}

class NewBox extends Message<NewBox> {
  @Length(1, 20) readonly label!: string;
}

class BoxView extends Message<BoxView> {
  @IsString() readonly id!: string;
  @IsInt() readonly version!: number;
}

class BoxPage extends Message<BoxPage> {
  @Optional() @IsInt() readonly limit?: number;
}

@Injectable()
class Later implements PipeTransform {
  transform(value: string): Promise<string> {
    return Promise.resolve(`${value}, later`);
  }
}

const packed = (resourceId: string): Accepted => {
  const id = requestScope().command?.id ?? '';
  return {
    command_id: id,
    status: 'accepted',
    message: 'it is being packed',
    type: 'boxes.pack_box.v1',
    resource_id: resourceId,
    links: { self: statusPath(id) },
  };
};

/** The same routes, wherever they stand. */
function boxes(): Type {
  @Authenticated()
  class Boxes {
    @Post()
    @Sends(PackBox, { body: NewBox, summary: 'Pack a box' })
    pack(@Body() { label }: NewBox, @NewId('boxId') boxId: string) {
      return { ...packed(boxId), message: label };
    }
    @Delete() @Sends(PackBox, { summary: 'Pack all' }) all() {
      return packed(derivedId('all'));
    }
    @Get('pages') @OptionalToken() page(@Query() { limit }: BoxPage, @Query('limit') text?: string) {
      return { limit, text };
    }
    @Get('hello') @Public() hello(@Headers('X-Name') name?: string) {
      return { name: name ?? null, user: requestScope().user?.id ?? null };
    }
    @Get('stream') @Public() stream() {
      return of({ one: 1 }, { two: 2 });
    }
    @Get('later/:text') @Public() later(@Param('text', Later) text: string) {
      return { text };
    }
    @Get('nothing') @Public() nothing() {}
    @Get('broken') @Public() broken() {
      throw new Error('it is broken');
    }
    @Post('made') @Public() made(@Body() body: unknown) {
      return { made: body ?? null };
    }
    @Post('done') @Public() @HttpCode(204) done() {}
    @Get('admins') @Roles('admin') admins(@Me() me: AuthenticatedUser) {
      return me;
    }
    @Get(':id') @Reads(BoxView, { summary: 'One box' }) byId(
      @Param('id', UuidPipe) id: string,
      @Me() me: AuthenticatedUser,
    ) {
      if (id !== me.id) throw notFound('box_not_found', `there is no box ${id}`);
      return Promise.resolve({ id, version: 3 });
    }
  }
  return Boxes;
}

@Injectable()
class Open implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

const Direct = boxes();
Controller('direct')(Direct);
const ByNest = boxes();
UseGuards(Open)(ByNest);
Controller('by-nest')(ByNest);

const keys = new TokenKeys(development.jwtKeys);

@Module({
  imports: [DiscoveryModule],
  controllers: [Direct, ByNest],
  providers: [
    { provide: TokenKeys, useValue: keys },
    { provide: RateLimits, useValue: new RateLimits({ anonymous: 0, user: 0, tracking: 0 }) },
    { provide: CommandIds, useValue: new CommandIds('a secret of at least 32 characters') },
    { provide: CommandStatusQueries, useValue: { byId: () => Promise.resolve(undefined) } },
    { provide: Consistency, useValue: { reached: () => Promise.resolve(true) } },
    { provide: Metrics, useFactory: () => new Metrics('api', 'a release') },
    { provide: MetricsAccess, useValue: new MetricsAccess('', true) },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: CommandInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ConsistencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ResourceInterceptor },
    { provide: APP_PIPE, useClass: DecodePipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    AccessTokenStrategy,
    AllowedMethods,
    ApiMetrics,
    CommandAnswers,
    DirectRoutes,
    Draining,
  ],
})
class BoxesModule {}

describe('A route that is called directly', () => {
  let app: NestFastifyApplication;
  const me = newId();
  const tokens = new AccessTokens(keys, 15);
  const bearer = { authorization: `Bearer ${tokens.sign({ id: me, roles: ['user'] }).token}` };
  const key = { ...bearer, 'idempotency-key': 'a-key' };

  beforeAll(async () => {
    const silence = { log() {}, error() {}, warn() {} };
    const settings = { corsOrigins: '', trustProxy: '', topologyPrefix: '' };
    app = await createApi(BoxesModule, { settings, logger: silence, tags: {} });
    await app.init();
  });
  afterAll(() => app.close());

  const ask = async (controller: string, method: string, path: string, headers = {}, body?: object) => {
    const url = `/api/v1/${controller}${path}`;
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers: { 'x-correlation-id': 'a-correlation', ...headers },
      ...(body && { payload: body }),
    });
    const { date: _, ...told } = answer.headers;
    // What names the route, and ids that follow from its path, differ.
    const plain = (text: string): string =>
      text
        .replaceAll(controller, 'here')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f-]{21}/g, 'an id')
        .replaceAll(/"content-length":"\d+"/g, '');
    return [answer.statusCode, plain(JSON.stringify(told)), plain(answer.body)];
  };

  it('is one where nothing but the surroundings of every route is asked for', () => {
    const direct = (type: Type): unknown[] =>
      ['pack', 'byId', 'later'].map(
        (name) =>
          (
            Reflect.getMetadata(
              FASTIFY_ROUTE_CONFIG_METADATA,
              (type.prototype as Record<string, object>)[name] ?? {},
            ) as { direct?: unknown } | undefined
          )?.direct,
      );
    for (const route of direct(Direct)) expect(route).toBeInstanceOf(DirectRoute);
    expect(direct(ByNest)).toEqual([undefined, undefined, undefined]);
  });

  it.each<[title: string, status: number, ...(Parameters<typeof ask> extends [string, ...infer Rest] ? Rest : never)]>([
    ['a command', 202, 'POST', '', key, { label: 'books' }],
    ['a command that nobody waits for', 202, 'POST', '', { ...key, prefer: 'respond-async' }, { label: 'books' }],
    ['a body that is wrong', 400, 'POST', '', key, { label: '', more: 1 }],
    ['no body', 400, 'POST', '', key],
    ['a body where none belongs', 400, 'DELETE', '', key, { label: 'books' }],
    ['a precondition that is none', 400, 'DELETE', '', { ...key, 'if-match': 'three' }],
    ['a key that is none', 400, 'DELETE', '', { ...bearer, 'idempotency-key': 'ä' }],
    ['no token', 401, 'POST', '', {}, { label: 'books' }],
    ['a bad token', 401, 'POST', '', { authorization: 'Bearer a.b.c' }, { label: 'books' }],
    ['a role that is lacking', 403, 'GET', '/admins', bearer],
    ['a resource', 200, 'GET', `/${me}`, bearer],
    ['a resource by an id in capitals', 200, 'GET', `/${me.toUpperCase()}`, bearer],
    ['a resource that is known', 304, 'GET', `/${me}`, { ...bearer, 'if-none-match': '"3"' }],
    ['the head of a resource', 200, 'HEAD', `/${me}`, bearer],
    ['a resource that there is not', 404, 'GET', `/${newId()}`, bearer],
    ['an id that is none', 404, 'GET', '/1', bearer],
    ['an id that is empty', 404, 'GET', '/', bearer],
    ['a method that there is not', 405, 'PUT', `/${me}`, bearer],
    ['parameters of a query', 200, 'GET', '/pages?limit=7', bearer],
    ['parameters that are wrong', 400, 'GET', '/pages?limit=x'],
    ['a header', 200, 'GET', '/hello', { 'x-name': 'Ann' }],
    ['a type that nobody asked for', 406, 'GET', '/hello', { accept: 'text/html' }],
    ['what a stream of values ends with', 200, 'GET', '/stream'],
    ['a pipe that takes its time', 200, 'GET', '/later/soon'],
    ['nothing', 200, 'GET', '/nothing'],
    ['a fault of ours', 500, 'GET', '/broken'],
    ['a usual status', 201, 'POST', '/made', {}, { a: 1 }],
    ['a status of its own', 204, 'POST', '/done'],
  ])('answers %s as Nest would: %i', async (_, status, ...request) => {
    const [direct, byNest] = [await ask('direct', ...request), await ask('by-nest', ...request)];
    expect(direct).toEqual(byNest);
    expect(direct[0]).toBe(status);
  });
});
