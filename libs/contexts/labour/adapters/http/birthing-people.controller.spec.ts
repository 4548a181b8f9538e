import { describe, expect, it } from '@jest/globals';
import { Reflector } from '@nestjs/core';

import { READS, type ReadsRoute } from '#platform/http/reads.decorator.js';
import { SENDS, type SendsRoute } from '#platform/http/sends.decorator.js';

import { BirthingPeopleController } from './birthing-people.controller.js';

const reflector = new Reflector();
const routeOf = <Route>(key: string, method: keyof BirthingPeopleController): Route =>
  reflector.get<Route>(key, BirthingPeopleController.prototype[method]);

describe('The entity tag of a birthing person', () => {
  it.each([
    ['me', () => routeOf<ReadsRoute>(READS, 'me').phase],
    ['by id', () => routeOf<ReadsRoute>(READS, 'byId').phase],
    ['registered', () => routeOf<SendsRoute>(SENDS, 'register').reads?.phase],
  ])('changes with the names of those who follow: %s', (_, phase) => {
    const tagged = (...names: readonly string[]) =>
      phase()?.({ subscribers: names.map((name, n) => ({ id: String(n), name })) } as never);
    expect(tagged()).toBeUndefined();
    expect(new Set([tagged('Grace'), tagged('Kay'), tagged('Grace', 'Kay')]).size).toBe(3);
    expect(tagged('Grace')).toMatch(/^[0-9a-f]{8}$/);
  });
});
