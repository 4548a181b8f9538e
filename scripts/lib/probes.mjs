import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

/** Asks until the answer is truthy; undefined when the time is over, or when `unless` says that there is no use in waiting. */
export async function waitFor(ask, { timeoutMs, everyMs = 50, unless = () => false }) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (unless() || Date.now() > end) return undefined;
    await delay(everyMs);
  }
}

/** 'ready' when a Postgres answers the startup packet, 'starting' while it still recovers, else undefined. */
export async function probePostgres(host, port, timeoutMs = 1000) {
  const parameters = Buffer.from('user\0contextflow\0database\0contextflow\0\0');
  const packet = Buffer.alloc(8 + parameters.length);
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(3 << 16, 4);
  parameters.copy(packet, 8);
  const answer = await firstAnswer(connect({ host, port }), packet, timeoutMs);
  if (answer?.[0] !== 0x52 && answer?.[0] !== 0x45) return undefined;
  return answer[0] === 0x45 && answer.includes('C57P03\0') ? 'starting' : 'ready';
}

/** `{ product, version }` of the broker that answers the AMQP handshake, else undefined. */
export async function probeAmqp(host, port, { tls = false, timeoutMs = 1000 } = {}) {
  // Only the handshake's answer is read here; whether the certificate is to be trusted is decided by the client.
  const socket = tls
    ? connectTls({ host, port, servername: host, rejectUnauthorized: false })
    : connect({ host, port });
  const answer = await firstAnswer(socket, Buffer.from('AMQP\0\0\x09\x01', 'latin1'), timeoutMs);
  if (answer?.[0] !== 1) return undefined;
  return { product: tableText(answer, 'product') ?? 'AMQP broker', version: tableText(answer, 'version') ?? '' };
}

export function probeHttp(url, timeoutMs = 2000) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

function firstAnswer(socket, question, timeoutMs) {
  return new Promise((resolve) => {
    const finish = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, timeoutMs);
    socket.on('error', () => finish());
    socket.on('close', () => finish());
    socket.once('data', finish);
    socket.write(question);
  });
}

function tableText(frame, name) {
  const start = frame.indexOf(`${name}S`, 0, 'latin1') + name.length + 1;
  if (start <= name.length || start + 4 > frame.length) return undefined;
  return frame.toString('utf8', start + 4, start + 4 + frame.readUInt32BE(start));
}
