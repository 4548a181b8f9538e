import { AccessTokens } from '#platform/auth/access-tokens.js';
import { TokenKeys } from '#platform/auth/token-keys.js';
import { development } from '#platform/config/development.js';

const tokens = new AccessTokens(new TokenKeys(development.jwtKeys), 60);

/** An access token for a user, good for an hour, signed as the development settings expect, in no session. */
export const accessToken = (userId: string, roles: readonly string[] = ['user']): string =>
  tokens.sign({ id: userId, roles }).token;
