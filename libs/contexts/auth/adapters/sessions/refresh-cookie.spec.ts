import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { RefreshCookie } from './refresh-cookie.js';

const production = new RefreshCookie({
  publicUrl: 'https://api.example.org',
  corsOrigins: 'https://app.example.org,https://admin.example.org',
});
const local = new RefreshCookie({ publicUrl: '', corsOrigins: '' });

const request = (headers: FastifyRequest['headers']): FastifyRequest => ({ headers }) as FastifyRequest;
const cookie = 'theme=dark; cf_refresh=a-token';

function written(write: (reply: FastifyReply) => void): string {
  const sent = new Map<string, string>();
  write({ header: (name: string, value: string) => sent.set(name, value) } as unknown as FastifyReply);
  return sent.get('Set-Cookie') ?? '';
}

describe('The cookie of a refresh token', () => {
  it.each(['https://api.example.org', 'https://app.example.org', 'https://admin.example.org'])(
    'is taken from pages of %s',
    (origin) => {
      expect(production.read(request({ cookie, origin }))).toBe('a-token');
    },
  );

  it.each([
    undefined,
    'null',
    '',
    'https://evil.example',
    'http://api.example.org',
    'https://api.example.org.evil.example',
    'https://api.example.org:444',
  ])('is not taken from pages of %j', (origin) => {
    expect(() => production.read(request({ cookie, origin, host: 'api.example.org' }))).toThrow(
      expect.objectContaining({ status: 403, details: expect.objectContaining({ reason: 'origin_not_allowed' }) }),
    );
  });

  it('is taken on the machine itself from pages of the address that was asked', () => {
    expect(local.read(request({ cookie, origin: 'http://127.0.0.1:8000', host: '127.0.0.1:8000' }))).toBe('a-token');
    expect(() => local.read(request({ cookie, origin: 'http://127.0.0.1:9000', host: '127.0.0.1:8000' }))).toThrow(
      'pages of this API',
    );
  });

  it.each([undefined, '', 'theme=dark', 'cf_refresh=', 'xcf_refresh=a-token'])('is not there in %j', (text) => {
    expect(production.read(request({ cookie: text }))).toBeUndefined();
  });

  it('is read by no script, and sent to no other site and no other part of the API', () => {
    const header = written((reply) => production.write(reply, 'a-token', new Date('2026-03-08T10:00:00Z')));
    expect(header.split('; ').sort()).toEqual([
      'Expires=Sun, 08 Mar 2026 10:00:00 GMT',
      'HttpOnly',
      'Path=/api/v1/auth',
      'SameSite=Strict',
      'Secure',
      'cf_refresh=a-token',
    ]);
  });

  it('is taken away under the same attributes', () => {
    const header = written((reply) => production.clear(reply));
    expect(header).toMatch(/^cf_refresh=; .*Path=\/api\/v1\/auth; .*Expires=Thu, 01 Jan 1970/);
  });
});
