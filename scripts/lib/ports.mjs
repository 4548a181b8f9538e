import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A free port of 127.0.0.1, below the range from which the system takes the near ends of outgoing connections: a
 * server that restarts on it finds it free again.
 */
export async function freePort(taken = []) {
  for (;;) {
    const port = randomInt(20000, 32000);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) ports.push(await freePort(ports));
  return ports;
}

export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
