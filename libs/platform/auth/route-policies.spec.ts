import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';

import { Authenticated, OptionalToken, policyOf, Public, Roles } from './access-policy.js';
import { RoutePolicies } from './route-policies.js';

@Public()
@Controller('open')
class OpenController {
  @Get()
  read(): void {}

  @Post()
  @Roles('admin')
  change(): void {}
}

@Controller('single')
class SingleController {
  @Get()
  @Authenticated()
  own(): void {}

  @Get('any')
  @OptionalToken()
  any(): void {}

  noRoute(): void {}
}

@Controller('silent')
class SilentController {
  @Get()
  @Authenticated()
  stated(): void {}

  @Get('forgotten')
  forgotten(): void {}

  @Post()
  alsoForgotten(): void {}
}

@Controller('heir')
class HeirController extends SilentController {}

async function start(...controllers: Type[]): Promise<void> {
  const definition = { imports: [DiscoveryModule], controllers, providers: [RoutePolicies] };
  const module = await Test.createTestingModule(definition).compile();
  try {
    await module.init();
  } finally {
    await module.close();
  }
}

describe('An API', () => {
  it('starts when every route, or its class, says who may use it', () =>
    expect(start(OpenController, SingleController)).resolves.toBeUndefined());

  it('does not start otherwise, and names each route and what to add', async () => {
    const refused = start(OpenController, SilentController);
    await expect(refused).rejects.toThrow(/^SilentController.forgotten, SilentController.alsoForgotten: .*@Public\(\)/);
  });

  it('looks at inherited routes too', () => expect(start(HeirController)).rejects.toThrow('HeirController.forgotten'));
});

describe('The policy of a route', () => {
  const handler = (name: 'read' | 'change'): object => Reflect.get(OpenController.prototype, name) as object;

  it('is its own, and else that of its class', () => {
    expect(policyOf(OpenController, handler('read'))).toEqual({ kind: 'public' });
    expect(policyOf(OpenController, handler('change'))).toEqual({ kind: 'token', roles: ['admin'] });
  });

  it('is one: two are refused when the class is loaded', () => {
    const twice = (): unknown => {
      class Twice {
        @Public()
        @Roles('admin')
        route(): void {}
      }
      return Twice;
    };
    expect(twice).toThrow('Twice.route states two access policies');
  });
});
