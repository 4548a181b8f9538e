import { SetMetadata, type Type } from '@nestjs/common';

/** Who may send a request to a route. */
export type AccessPolicy =
  /** Anybody; a token is not looked at. */
  | { readonly kind: 'public' }
  /** Anybody; a token that is sent all the same must be good. */
  | { readonly kind: 'optional' }
  /** Whoever has a good token, with one of the roles if there are any. */
  | { readonly kind: 'token'; readonly roles?: readonly string[] };

const POLICY = 'contextflow:access-policy';
const UNCOUNTED = 'contextflow:uncounted';

/** The route needs no token, and does not look at one. */
export const Public = (): MethodDecorator & ClassDecorator => states({ kind: 'public' });

/** The route needs no token; one that is sent all the same must be good. */
export const OptionalToken = (): MethodDecorator & ClassDecorator => states({ kind: 'optional' });

/** The route needs a token, of whatever roles. */
export const Authenticated = (): MethodDecorator & ClassDecorator => states({ kind: 'token' });

/** The route needs a token with one of these roles. */
export const Roles = (...roles: readonly [string, ...string[]]): MethodDecorator & ClassDecorator =>
  states({ kind: 'token', roles });

/** Requests to the controller count towards no rate limit: for what is asked by machines and costs nothing. */
export const Uncounted = (): ClassDecorator => SetMetadata(UNCOUNTED, true);

export const isUncounted = (controller: Type): boolean => Reflect.hasMetadata(UNCOUNTED, controller);

/** What a route states, or else its class. */
export const policyOf = (controller: Type, handler: object): AccessPolicy | undefined =>
  (Reflect.getOwnMetadata(POLICY, handler) ?? Reflect.getMetadata(POLICY, controller)) as AccessPolicy | undefined;

function states(policy: AccessPolicy): MethodDecorator & ClassDecorator {
  return (target: object, key?: string | symbol, descriptor?: { readonly value?: unknown }): void => {
    const stated = descriptor?.value ?? target;
    if (Reflect.hasOwnMetadata(POLICY, stated)) {
      const name = key === undefined ? (target as Type).name : `${target.constructor.name}.${String(key)}`;
      throw new TypeError(`${name} states two access policies: keep the one that is meant`);
    }
    SetMetadata(POLICY, policy)(stated as Type);
  };
}
