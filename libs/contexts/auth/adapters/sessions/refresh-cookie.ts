import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from '#platform/http/problem.js';

const name = 'cf_refresh';
const attributes = { httpOnly: true, secure: true, sameSite: 'strict', path: '/api/v1/auth' } as const;

export interface RefreshCookieSettings {
  /** Empty where only this machine reaches the API: then its pages are at whatever address was asked. */
  readonly publicUrl: string;
  /** Origins with commas between them. */
  readonly corsOrigins: string;
}

/**
 * Keeps a refresh token in the browser where no script reads it. A browser sends it by itself, so that whoever uses it must
 * come from a page of ours.
 */
export class RefreshCookie {
  readonly #origins: ReadonlySet<string>;

  constructor(private readonly settings: RefreshCookieSettings) {
    this.#origins = new Set([settings.publicUrl, ...settings.corsOrigins.split(',')].filter(Boolean));
  }

  /**
   * The token that the browser sent, if it did.
   * @throws Problem 403 `origin_not_allowed` when it did not come from a page of ours
   */
  read({ headers }: FastifyRequest): string | undefined {
    const token = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[name];
    if (!token) return undefined;
    if (!this.#isOurs(headers)) throw foreign();
    return token;
  }

  write(reply: FastifyReply, token: string, expires: Date): void {
    reply.header('Set-Cookie', stringifySetCookie({ name, value: token, ...attributes, expires }));
  }

  clear(reply: FastifyReply): void {
    reply.header('Set-Cookie', stringifySetCookie({ name, value: '', ...attributes, expires: new Date(0) }));
  }

  #isOurs({ origin, host }: FastifyRequest['headers']): boolean {
    if (origin === undefined) return false;
    return this.#origins.has(origin) || (this.settings.publicUrl === '' && origin === `http://${host}`);
  }
}

const foreign = (): Problem =>
  new Problem({
    code: 'FORBIDDEN',
    reason: 'origin_not_allowed',
    detail: 'the cookie is for pages of this API and of CORS_ORIGINS alone: send Origin, or the token in the body',
  });
