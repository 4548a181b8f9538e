import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Bounded by time, and by a number of requests if there is one. */
export interface LoadTask {
  readonly port: number;
  readonly connections: number;
  /** Whole requests as they go over the wire, sent in turn. */
  readonly requests: readonly string[];
  readonly seconds: number;
  readonly count?: number;
  /** At most so many requests a second. Default: each connection sends as soon as it has its answer. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly seconds: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds from request to answer. */
  readonly p50: number;
  readonly p99: number;
}

/** Text of a request with a JSON body, or without one. */
export function requestText(
  method: 'GET' | 'POST',
  path: string,
  token: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): string {
  const head = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: Bearer ${token}`];
  for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`);
  const text = body === undefined ? '' : JSON.stringify(body);
  if (body !== undefined) head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`);
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}

/** Sends requests from a process of its own, so that its work and that of the bench do not get in each other's way. */
export class LoadGenerator {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'generator.js'));

  /** @throws Error when an answer had another status than the expected one, or none came */
  async run(task: LoadTask, expected: number): Promise<LoadResult> {
    const answer = once(this.#child, 'message');
    this.#child.send(task);
    const [result] = (await answer) as [LoadResult & { error?: string }];
    if (result.error !== undefined) throw new Error(`the load has failed: ${result.error}`);
    const others = Object.keys(result.statuses).filter((status) => status !== String(expected));
    if (others.length > 0 || result.answered === 0)
      throw new Error(`${expected} was expected, the answers were ${JSON.stringify(result.statuses)}`);
    return result;
  }

  /** @returns answers a second */
  async rate(task: LoadTask, expected: number): Promise<number> {
    const { answered, seconds } = await this.run(task, expected);
    return answered / seconds;
  }

  close(): void {
    this.#child.kill();
  }
}
