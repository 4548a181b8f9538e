import { script } from './servers.js';

/**
 * A port of 127.0.0.1 that was free a moment ago, below the range from which the system takes the near ends of outgoing
 * connections: none of these can take it before a process that starts is listening.
 */
export async function freePort(): Promise<number> {
  const ports = await script<typeof import('../../scripts/lib/ports.mjs')>('ports');
  return ports.freePort();
}
