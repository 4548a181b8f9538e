import { describe, expect, it } from '@jest/globals';
import { Reflector } from '@nestjs/core';

import { READS, type ReadsRoute } from '#platform/http/reads.decorator.js';
import { SENDS, type SendsRoute } from '#platform/http/sends.decorator.js';

import { SubscribersController } from './subscribers.controller.js';

const reflector = new Reflector();
const routeOf = <Route>(key: string, method: keyof SubscribersController): Route =>
  reflector.get<Route>(key, SubscribersController.prototype[method]);

describe('The entity tag of a subscriber', () => {
  it.each([
    ['me', () => routeOf<ReadsRoute>(READS, 'me').phase],
    ['by id', () => routeOf<ReadsRoute>(READS, 'byId').phase],
    ['registered', () => routeOf<SendsRoute>(SENDS, 'register').reads?.phase],
  ])('changes with those who are followed: %s', (_, phase) => {
    const tagged = (...followed: readonly string[]) => phase()?.({ subscribed_to: followed } as never);
    expect(tagged()).toBeUndefined();
    expect(new Set([tagged('ada'), tagged('eve'), tagged('ada', 'eve')]).size).toBe(3);
    expect(tagged('ada')).toMatch(/^[0-9a-f]{8}$/);
  });
});
