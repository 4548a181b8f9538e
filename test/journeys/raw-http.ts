import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined when it is something else. */
  readonly body: Record<string, unknown> | undefined;
}

/** Sends bytes that no client library would, and reads one answer, up to where its server closes the connection. */
export async function rawExchange(port: number, ...parts: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The server may close before it has read all.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  const timer = setTimeout(() => socket.destroy(), 10_000);
  for (const part of parts) socket.write(part);
  await closed;
  clearTimeout(timer);
  return parsed(Buffer.concat(chunks).toString('utf8'));
}

/** A request that asks to close the connection after it. */
export function rawRequest(line: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = Object.entries({ host: 'localhost', connection: 'close', ...headers });
  return `${[`${line} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${body}`;
}

function parsed(answer: string): RawAnswer {
  const end = answer.indexOf('\r\n\r\n');
  const [line = '', ...fields] = answer.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => [
      field.slice(0, field.indexOf(':')).toLowerCase(),
      field.slice(field.indexOf(':') + 1).trim(),
    ]),
  );
  const text = answer.slice(end + 4);
  return { status: Number(line.split(' ')[1] ?? 0), headers, text, body: jsonOf(text) };
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
