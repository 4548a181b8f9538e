import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import type { HttpAnswer } from '#testing/http-client.js';

import type { Installation } from '../installation.js';
import { Target } from '../target.js';

const wait = { prefer: 'wait=10' };
/** What is fetched behind the answer would be fetched by then, in milliseconds. */
const soon = 1_000;

export const addresses = (installation: () => Installation): void =>
  describe('An address that points inside', () => {
    let target: Target;
    let service: Client;
    let inside: Server;
    let url: string;
    let connections = 0;

    beforeAll(async () => {
      const { lab, api } = installation();
      target = await Target.at(installation());
      service = lab.client(newId(), { api, roles: ['service'] });
      inside = createServer((socket) => {
        connections++;
        socket.destroy();
      }).listen(0, '127.0.0.1');
      await once(inside, 'listening');
      url = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/latest/meta-data`;
    });
    afterAll(() => {
      inside?.close();
    });

    const interaction = (): object => ({
      partner_id: 'inside',
      campaign_id: 'inside',
      visitor_id: newId(),
      interaction_type: 'click',
      source_url: url,
      destination_url: url,
    });

    async function expectNoConnection(): Promise<void> {
      await delay(soon);
      expect(connections).toBe(0);
    }

    it('A24: is kept as the avatar of a profile, and nobody goes there', async () => {
      const { owner } = target;
      const path = `/users/${owner.userId}/profile`;
      await eventually('the profile is there', async () => (await owner.get(path)).status === 200);
      const answer = await owner.send({
        method: 'PATCH',
        path: `/api/v1${path}`,
        body: { avatar_url: url },
        headers: wait,
      });
      expect(answer).toMatchObject({ status: 200, body: { avatar_url: url } });
      expect(await owner.get(path)).toMatchObject({ body: { avatar_url: url } });
      await expectNoConnection();
    });

    it('A24: is kept as where a visitor came from and went to, alone or in a list, and nobody goes there', async () => {
      const alone = await service.post('/tracking/events', interaction(), wait);
      const list = await service.post('/tracking/events/batch', { events: [interaction(), interaction()] }, wait);
      expect(alone.status).toBe(201);
      expect(list).toMatchObject({ status: 200, body: { items: [{ status: 'recorded' }, { status: 'recorded' }] } });
      await expectNoConnection();
    });

    it('A24: is mailed as text, and nobody goes there', async () => {
      const recipient = `q${newId().slice(-12)}@example.org`;
      const mailed: HttpAnswer = await target.operator.post(
        '/notifications',
        { channel: 'email', recipient, title: 'Look', message: `Look at ${url}` },
        wait,
      );
      expect(mailed.status).toBeLessThan(300);
      await eventually('the mail is there', () => installation().mail.mailsTo(recipient).length > 0);
      await expectNoConnection();
    });

    it('A24: would have been noticed if somebody had gone there', async () => {
      await expect(fetch(url)).rejects.toThrow('fetch failed');
      expect(connections).toBeGreaterThan(0);
    });
  });
