import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Installation } from '../installation.js';
import { RawConnection } from '../raw-connection.js';
import type { SlowConnections } from '../slow-connections.js';
import { Target } from '../target.js';

/** Milliseconds that a request's headers, and a whole request, may take; the server looks every second. */
const limits = { headers: 5_000, request: 15_000, look: 1_000 };
const patience = 4_000;

export const connections = (installation: () => Installation, slow: () => SlowConnections): void =>
  describe('A connection', () => {
    let target: Target;

    beforeAll(async () => {
      target = await Target.at(installation());
    });

    const head = (...headers: string[]): string =>
      [
        'POST /api/v1/tasks HTTP/1.1',
        'Host: x',
        `Authorization: ${target.owner.authorization}`,
        ...headers,
        '',
        '',
      ].join('\r\n');
    const json = 'Content-Type: application/json';

    describe('on which one request hides another', () => {
      const smuggled = (body: string): string => `${body}POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\n\r\n`;

      it.each([
        ['a length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
        ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 6'], '0\r\n\r\n'],
        ['two lengths', ['Content-Length: 13', 'Content-Length: 0'], '{"title":"x"}'],
        ['two lengths in one', ['Content-Length: 13, 0'], '{"title":"x"}'],
        ['a length below zero', ['Content-Length: -1'], ''],
        ['a length with a sign', ['Content-Length: +13'], '{"title":"x"}'],
        ['a length in hexadecimals', ['Content-Length: 0xd'], '{"title":"x"}'],
        ['chunks that are no chunks', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
        ['chunks, then something else', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
        ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], '0\r\n\r\n'],
        ['chunks with a space before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
        ['chunks behind a folded line', ['X: y', ' Transfer-Encoding: chunked'], '0\r\n\r\n'],
        ['chunks behind a bare line feed', ['X: y\nTransfer-Encoding: chunked'], '0\r\n\r\n'],
        ['a chunk of no size', ['Transfer-Encoding: chunked'], 'zz\r\n{"title":"x"}\r\n0\r\n\r\n'],
        ['a chunk of an enormous size', ['Transfer-Encoding: chunked'], 'fffffffffffffffff\r\n{}'],
        ['a chunk of less than it says', ['Transfer-Encoding: chunked'], '5\r\n{"title":"x"}\r\n0\r\n\r\n'],
      ])('A27: by %s is refused once and closed', async (_, headers, body) => {
        const before = await target.state();
        const connection = await RawConnection.open(target.port);
        connection.write(head(json, ...headers) + smuggled(body));
        target.expectRefusal(await connection.answer(), { status: [400, 411, 501] });
        await connection.closed(patience);
        expect(connection.statuses()).toHaveLength(1);
        expect(await target.state()).toEqual(before);
      });
    });

    it.each([
      ['one header of 64 KB', `X-Long: ${'x'.repeat(65_536)}`],
      [
        'many headers of 64 KB together',
        Array.from({ length: 1_024 }, (_, n) => `X-${n}: ${'x'.repeat(56)}`).join('\r\n'),
      ],
      ['a token of 64 KB', `Authorization: Bearer ${'x'.repeat(65_536)}`],
      ['a cookie of 17 KB', `Cookie: a=${'x'.repeat(17 * 1024)}`],
    ])('A27: with %s is 431', async (_, header) => {
      const before = await target.state();
      const connection = await RawConnection.open(target.port);
      connection.write(head(json, header));
      target.expectRefusal(await connection.answer(), { status: 431, reason: 'headers_too_large' });
      await connection.closed(patience);
      expect(await target.state()).toEqual(before);
    });

    it.each([
      ['a request line of 64 KB', `GET /api/v1/tasks?q=${'x'.repeat(65_536)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
      ['no HTTP', 'HELLO\r\n\r\n', 400],
      ['TLS', '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003', 400],
      ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
      ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
      ['an unknown method', 'DESTROY /api/v1/tasks HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['no host', 'GET /api/v1/tasks HTTP/1.1\r\n\r\n', 400],
      ['a NUL in a header', 'GET /api/v1/tasks HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', 400],
      ['a carriage return in a header', 'GET /api/v1/tasks HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n', 400],
      ['a space in the path', 'GET /api/v1/tasks /x HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ])('A27: that speaks %s is refused and closed', async (_, text, status) => {
      const connection = await RawConnection.open(target.port);
      connection.write(text);
      target.expectRefusal(await connection.answer(), { status });
      await connection.closed(patience);
    });

    it.each([
      ['to tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n'],
      [
        'to change the protocol',
        `GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      ],
      ['to trace', 'TRACE /api/v1/tasks HTTP/1.1\r\nHost: x\r\nX-Secret: canary\r\n\r\n'],
    ])('A27: that asks %s gets nothing of it', async (_, text) => {
      const connection = await RawConnection.open(target.port);
      connection.write(text);
      await Promise.race([connection.answer(patience), connection.closed(patience)]).catch(() => undefined);
      expect(connection.received).not.toContain('canary');
      expect(connection.received).not.toMatch(/^HTTP\/1\.1 (101|200 Connection)/);
      target.expectDiscreet(connection.received);
      await connection.close();
    });

    it('A27: may carry several requests at once, and each gets its own answer in order', async () => {
      const connection = await RawConnection.open(target.port);
      const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n`;
      connection.write(ask('/health/live') + ask('/api/v1/tasks') + ask('/nothing').replace('keep-alive', 'close'));
      await connection.closed(patience);
      expect(connection.statuses()).toEqual([200, 401, 404]);
    });

    it('A27: that is slow on purpose is closed in time, while others are served', async () => {
      const { headers, bodies, connections: attackers, longestWait } = await slow().over;
      expect(Math.max(...headers)).toBeLessThan(limits.headers + limits.look + patience);
      expect(Math.max(...bodies)).toBeLessThan(limits.request + limits.look + patience);
      expect(Math.min(...bodies)).toBeGreaterThan(limits.headers);
      expect(longestWait).toBeLessThan(patience);
      for (const connection of attackers) {
        expect(connection.statuses()).toEqual([408]);
        target.expectRefusal(await connection.answer(), { status: 408, reason: 'request_timeout' });
      }
    });

    it('A27: of somebody else is served as before', async () => {
      const { status } = await target.send({ method: 'POST', path: '/api/v1/tasks', body: { title: 'afterwards' } });
      expect(status).toBe(201);
      expect(target.lab.processes.every(({ running }) => running)).toBe(true);
    });
  });
