import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import type { HttpRequest } from '#testing/http-client.js';

import { ApiDocument, concretePath, type Operation } from '../api-document.js';
import type { Installation } from '../installation.js';
import { isForAdministrators, Target } from '../target.js';

export const foreignResources = (installation: () => Installation): void =>
  describe('What belongs to somebody else', () => {
    let target: Target;
    let document: ApiDocument;
    let owner: Client;
    let stranger: Client;
    let commandId: string;

    beforeAll(async () => {
      target = await Target.at(installation());
      document = await ApiDocument.of(target.owner.http);
      ({ owner } = target);
      stranger = target.lab.client(newId());
      ({ command_id: commandId } = await owner.command(`/tasks/${target.taskId}/start`));
      await owner.outcome(commandId);
    });

    const path = (operation: Operation): string =>
      concretePath(operation, (name) => (name === 'command_id' ? commandId : target.idOf(name)));
    const request = (operation: Operation): HttpRequest => ({
      method: operation.method,
      path: path(operation),
      body: document.exampleBody(operation),
      headers: { prefer: 'wait=5' },
    });

    it('A18: cannot be told from what does not exist, nor changed, by any route that names it', async () => {
      const naming = document.operations.filter((operation) => operation.path.includes('{'));
      expect(naming.length).toBeGreaterThan(8);
      const answers = await target.unchanged(() =>
        Promise.all(naming.map((operation) => stranger.send(request(operation)))),
      );
      for (const [at, answer] of answers.entries()) {
        const asked = request(naming[at] as Operation);
        target.expectRefusal(answer, { status: isForAdministrators(asked.path) ? 403 : 404 }, asked);
        expect(answer.text).not.toContain('Aimed at');
        expect(answer.headers).not.toHaveProperty('etag');
      }
    });

    it('A18: is there for its owner all the while', async () => {
      for (const operation of document.operations.filter(
        ({ method, path: route }) => method === 'GET' && route.includes('{') && !isForAdministrators(route),
      ))
        expect({ path: operation.path, status: (await owner.send(request(operation))).status }).toMatchObject({
          status: 200,
        });
    });

    it('A18: includes a command that has not run yet', async () => {
      const client = target.lab.client(newId());
      const { command_id: id } = await client.command('/tasks', { title: 'private' });
      expect((await stranger.get(`/commands/${id}`)).status).toBe(404);
      await client.outcome(id);
    });

    it('A18: is asked for in vain without a token, too', async () => {
      const { http } = owner;
      for (const operation of document.operations.filter(({ secured }) => secured)) {
        const answer = await target.unchanged(() => http.send(request(operation)));
        target.expectRefusal(answer, { status: 401, headers: { 'www-authenticate': 'Bearer' } }, request(operation));
      }
      target.expectRefusal(await http.send({ path: `/api/v1/commands/${commandId}` }), { status: 404 });
    });

    it('A18: does not show up in a list', async () => {
      for (const operation of document.lists.filter((list) => !list.path.includes('{')))
        expect((await stranger.send({ path: path(operation) })).text).not.toContain('Aimed at');
    });

    it('A19: is listed for administrators only', async () => {
      const of = `/api/v1/tasks?user_id=${owner.userId}`;
      target.expectRefusal(await stranger.send({ path: of }), { status: 403, reason: 'admin_only' });
      const admin = target.lab.client(newId(), { roles: ['user', 'admin'] });
      expect(await admin.send({ path: of })).toMatchObject({
        status: 200,
        body: { items: expect.arrayContaining([expect.objectContaining({ id: target.taskId })]) },
      });
    });

    it('A18: cannot be put into one’s own task: somebody else’s category is not found', async () => {
      const { taskId, categoryId } = target;
      const theirs = await stranger.send({
        method: 'POST',
        path: '/api/v1/tasks',
        body: { title: 'mine', category_id: categoryId },
        headers: { prefer: 'wait=5' },
      });
      target.expectRefusal(theirs, { status: 404, reason: 'category_not_found' });
      expect((await owner.get(`/tasks/${taskId}`)).body).toMatchObject({ status: 'in_progress', version: 2 });
    });
  });
