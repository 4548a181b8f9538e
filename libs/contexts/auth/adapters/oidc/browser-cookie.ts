import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { flowLifetime } from './sign-in-flows.js';

const name = 'cf_oauth';

/**
 * Tells the browser that began a sign-in from any other. It is sent along when the provider sends the browser back, so it
 * cannot be SameSite=Strict.
 */
export class BrowserCookie {
  readonly #attributes;

  /** @param publicUrl where browsers reach the API */
  constructor(publicUrl: string) {
    const secure = publicUrl.startsWith('https:');
    this.#attributes = { httpOnly: true, secure, sameSite: 'lax', path: '/api/v1/auth/oauth' } as const;
  }

  /** Empty when the browser sent none. */
  read({ headers }: FastifyRequest): string {
    return (headers.cookie !== undefined && parseCookie(headers.cookie)[name]) || '';
  }

  write(reply: FastifyReply, browser: string): void {
    reply.header('Set-Cookie', stringifySetCookie({ name, value: browser, ...this.#attributes, maxAge: flowLifetime }));
  }

  clear(reply: FastifyReply): void {
    reply.header('Set-Cookie', stringifySetCookie({ name, value: '', ...this.#attributes, maxAge: 0 }));
  }
}
