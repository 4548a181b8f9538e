import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import type { AppProcess } from '#testing/app-process.js';
import { HttpClient, type HttpAnswer, type HttpRequest } from '#testing/http-client.js';

import { forgedToken } from '../forged-token.js';
import type { Installation } from '../installation.js';
import { Target } from '../target.js';

const limits = { RATE_LIMIT_ANONYMOUS: '5', RATE_LIMIT_USER: '8', RATE_LIMIT_TRACKING: '3' };

const sorted = (statuses: readonly number[]): number[] => statuses.toSorted((one, other) => one - other);

export const rateLimits = (installation: () => Installation): void =>
  describe('A flood of requests', () => {
    let target: Target;
    let api: AppProcess;
    let http: HttpClient;
    let addresses = 0;

    beforeAll(async () => {
      target = await Target.at(installation());
      const { lab, environment } = installation();
      // It believes what a proxy says, and the test is the proxy: so it comes from as many addresses as it likes.
      api = await lab.api({ ...environment, ...limits, TRUST_PROXY: '127.0.0.1' });
      http = new HttpClient(api.port);
    });
    afterAll(async () => {
      http?.close();
      await api?.terminate();
    });

    const newAddress = (): string => `198.51.100.${++addresses}`;
    const tasks = '/api/v1/tasks';

    const send = (from: string, request: HttpRequest, authorization?: string): Promise<HttpAnswer> =>
      http.send({
        ...request,
        headers: { 'x-forwarded-for': from, ...request.headers, ...(authorization !== undefined && { authorization }) },
      });

    async function flood(count: number, from: string, request: HttpRequest, authorization?: string): Promise<number[]> {
      const answers = await Promise.all(Array.from({ length: count }, () => send(from, request, authorization)));
      for (const answer of answers.filter(({ status }) => status === 429)) {
        target.expectRefusal(answer, { status: 429, reason: 'rate_limited' });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
        expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
      }
      return sorted(answers.map(({ status }) => status));
    }
    const times = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

    it('A17: without a token is cut off for its address, and for no other', async () => {
      const from = newAddress();
      expect(await flood(12, from, { path: tasks })).toEqual([...times(5, 401), ...times(7, 429)]);
      expect(await flood(1, newAddress(), { path: tasks })).toEqual([401]);
    });

    it('A17: with bad tokens is cut off: to guess them is not free, wherever they are looked at', async () => {
      const from = newAddress();
      const bad = (): string => `Bearer ${forgedToken(newId(), { signature: () => Buffer.alloc(64, 1) })}`;
      const statuses: number[] = [];
      for (let guess = 0; guess < 8; guess++)
        statuses.push(...(await flood(1, from, { path: guess % 2 ? `/api/v1/commands/${newId()}` : tasks }, bad())));
      expect(statuses).toEqual([...times(5, 401), ...times(3, 429)]);
    });

    it('A17: of bad tokens does not lock out a good one from the same address', async () => {
      const from = newAddress();
      await flood(10, from, { path: tasks }, 'Bearer bad');
      expect((await send(from, { path: tasks }, `Bearer ${accessToken(newId())}`)).status).toBe(200);
    });

    it('A17: from many addresses of one IPv6 network is one flood', async () => {
      const network = `2001:db8:0:${(++addresses).toString(16)}`;
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, host) => send(`${network}::${host + 1}`, { path: tasks })),
      );
      expect(sorted(answers.map(({ status }) => status))).toEqual([...times(5, 401), ...times(3, 429)]);
    });

    it('A17: of one user is cut off at whatever address, and leaves other users alone', async () => {
      const authorization = `Bearer ${accessToken(newId())}`;
      const create = { method: 'POST' as const, path: tasks, body: { title: 'flood' } };
      const statuses = await Promise.all(
        Array.from({ length: 12 }, async () => (await flood(1, newAddress(), create, authorization))[0] as number),
      );
      expect(sorted(statuses)).toEqual([...times(8, 202), ...times(4, 429)]);
      expect(await flood(1, newAddress(), { path: tasks }, authorization)).toEqual([429]);
      expect(await flood(1, newAddress(), { path: tasks }, `Bearer ${accessToken(newId())}`)).toEqual([200]);
    });

    it('A17: leaves health, metrics and keys alone', async () => {
      const from = newAddress();
      await flood(6, from, { path: tasks });
      for (const path of ['/health', '/health/live', '/.well-known/jwks.json', '/openapi.json'])
        expect((await send(from, { path })).status).toBe(200);
    });

    it('A17: cannot come from other addresses by saying so, where no proxy is believed', async () => {
      const { lab, environment } = installation();
      const open = await lab.api({ ...environment, ...limits });
      const direct = new HttpClient(open.port);
      try {
        const answers = await Promise.all(
          Array.from({ length: 8 }, () =>
            direct.send({ path: tasks, headers: { 'x-forwarded-for': newAddress(), 'x-real-ip': newAddress() } }),
          ),
        );
        expect(sorted(answers.map(({ status }) => status))).toEqual([...times(5, 401), ...times(3, 429)]);
      } finally {
        direct.close();
        await open.terminate();
      }
    });
  });
