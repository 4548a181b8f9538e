import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { answered, NotDone } from './person.js';

describe('An answer', () => {
  it('that does not come in time is something that was not done, and the message says what', async () => {
    const server = createServer((_, response) => void response.write('{'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/labours`;
    try {
      const asked = answered(url, { method: 'POST' }, 100);
      await expect(asked).rejects.toThrow(NotDone);
      await expect(asked).rejects.toThrow(`POST ${url} was not answered within 0.1 s`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
