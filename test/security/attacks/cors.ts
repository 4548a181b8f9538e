import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import type { HttpAnswer } from '#testing/http-client.js';

import { allowedOrigins, type Installation } from '../installation.js';
import { Target } from '../target.js';

const [allowed, alsoAllowed] = allowedOrigins;
const others = [
  'https://evil.example',
  'null',
  '',
  '*',
  'https://evil-app.example.org',
  'https://evil.example/https://app.example.org',
  'https://app.example.org.evil.example',
  'https://app.example.orgevil',
  'https://appxexample.org',
  'http://app.example.org',
  'https://app.example.org:8443',
  'https://app.example.org:443',
  'https://app.example.org/',
  'https://user@app.example.org',
  'HTTPS://APP.EXAMPLE.ORG',
  'https://example.org',
  'https://sub.app.example.org',
  'file://',
  'https://app.example.org,https://evil.example',
  'https://app.example.org https://evil.example',
];

export const cors = (installation: () => Installation): void =>
  describe('A page of another origin', () => {
    let target: Target;
    /** Of an API that was told of no origins. */
    let closed: Client;

    beforeAll(async () => {
      target = await Target.at(installation());
      closed = target.lab.client(newId(), { api: installation().closedApi });
    });

    const simple = (client: Client, origin: string): Promise<HttpAnswer> =>
      client.send({ path: '/api/v1/tasks', headers: { origin } });

    const preflight = (client: Client, origin: string): Promise<HttpAnswer> =>
      client.http.send({
        method: 'OPTIONS',
        path: `/api/v1/tasks/${target.taskId}`,
        headers: {
          origin,
          'access-control-request-method': 'DELETE',
          'access-control-request-headers': 'authorization,idempotency-key',
        },
      });

    /** An answer lets a page read it by naming the page's origin, or all. */
    function expectClosed({ headers }: HttpAnswer): void {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }

    it.each(others)('A28: may not read an answer, nor ask beforehand: "%s"', async (origin) => {
      for (const client of [target.owner, closed]) {
        expectClosed(await simple(client, origin));
        expectClosed(await preflight(client, origin));
      }
    });

    it('A28: may not read problems either', async () => {
      for (const path of ['/api/v1/tasks?limit=0', `/api/v1/tasks/${newId()}`, '/nothing', '/health'])
        expectClosed(await target.owner.send({ path, headers: { origin: 'https://evil.example' } }));
      expectClosed(
        await target.owner.http.send({ path: '/api/v1/tasks', headers: { origin: 'https://evil.example' } }),
      );
    });

    it.each([allowed, alsoAllowed])('A28: may read it when it is one of those configured: %s', async (origin) => {
      for (const answer of [await simple(target.owner, origin), await preflight(target.owner, origin)]) {
        expect(answer.headers['access-control-allow-origin']).toBe(origin);
        // A cache must not give the answer for one origin to another.
        expect(String(answer.headers.vary).toLowerCase()).toContain('origin');
        // The cookie of the refresh token is sent by pages of the same site alone (SameSite=Strict).
        expect(answer.headers['access-control-allow-credentials']).toBe('true');
      }
      const problem = await target.owner.send({ path: '/api/v1/tasks?limit=0', headers: { origin } });
      expect(problem).toMatchObject({ status: 400, headers: { 'access-control-allow-origin': origin } });
    });

    it('A28: is told beforehand which methods and headers it may use', async () => {
      const { status, headers } = await preflight(target.owner, allowed);
      expect([200, 204]).toContain(status);
      expect(String(headers['access-control-allow-methods'])).toContain('DELETE');
      expect(String(headers['access-control-allow-headers']).toLowerCase()).toContain('idempotency-key');
    });

    it('A28: may read nothing when no origin is configured', async () => {
      expectClosed(await simple(closed, allowed));
      expectClosed(await preflight(closed, allowed));
    });
  });
