import { setTimeout as delay } from 'node:timers/promises';

import { newId } from '#kernel';

import type { Installation } from './installation.js';
import { RawConnection } from './raw-connection.js';

const each = 60;
const pause = 200;

export interface SlowEnd {
  /** Milliseconds until the server had enough of each whose headers came byte by byte. */
  readonly headers: readonly number[];
  /** The same of those whose bodies did. */
  readonly bodies: readonly number[];
  readonly connections: readonly RawConnection[];
  /** Milliseconds that an honest client waited meanwhile, at most. */
  readonly longestWait: number;
}

/** Connections that send one byte after the other, to be in the way of others for as long as they are let (slowloris). */
export class SlowConnections {
  private constructor(readonly over: Promise<SlowEnd>) {
    // Whoever awaits it hears of it; until then it must not end the process.
    over.catch(() => undefined);
  }

  static async begin({ lab, api }: Installation): Promise<SlowConnections> {
    const honest = lab.client(newId());
    const open = Array.from({ length: each * 2 }, () => RawConnection.open(api.port));
    const connections = await Promise.all(open);
    const headers = Promise.all(
      connections.slice(0, each).map((connection) => {
        connection.write('POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\n');
        return drip(connection, 'X-Slow: 1\r\n');
      }),
    );
    const bodies = Promise.all(
      connections.slice(each).map((connection, at) => {
        const chunked = at % 2 === 0;
        connection.write(
          `POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: ${honest.authorization}\r\n` +
            (chunked ? 'Transfer-Encoding: chunked\r\n\r\n' : 'Content-Length: 200000\r\n\r\n'),
        );
        return drip(connection, chunked ? '1\r\n \r\n' : ' ');
      }),
    );
    const slow = Promise.all([headers, bodies]);
    const waits = longestWait(() => honest.get('/tasks'), slow);
    return new SlowConnections(
      Promise.all([slow, waits]).then(([[ofHeaders, ofBodies], wait]) => ({
        headers: ofHeaders,
        bodies: ofBodies,
        connections,
        longestWait: wait,
      })),
    );
  }
}

/** Sends the text byte by byte, again and again, until the server has had enough; resolves with when that was. */
async function drip(connection: RawConnection, text: string): Promise<number> {
  const started = performance.now();
  for (let at = 0; !connection.ended; at = (at + 1) % text.length) {
    connection.write(text.charAt(at));
    await delay(pause);
  }
  return performance.now() - started;
}

async function longestWait(ask: () => Promise<{ status: number }>, until: Promise<unknown>): Promise<number> {
  const progress = { over: false };
  void until.catch(() => undefined).then(() => (progress.over = true));
  let longest = 0;
  while (!progress.over) {
    const started = performance.now();
    const { status } = await ask();
    if (status !== 200) throw new Error(`an honest client was answered ${status}`);
    longest = Math.max(longest, performance.now() - started);
    await delay(pause);
  }
  return longest;
}
