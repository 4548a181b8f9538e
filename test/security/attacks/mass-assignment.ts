import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import { ApiDocument, concretePath, type Operation } from '../api-document.js';
import type { Installation } from '../installation.js';
import { Target } from '../target.js';

/** What somebody would like to set who has seen how things are stored. */
const coveted: Readonly<Record<string, unknown>> = {
  id: newId(),
  user_id: newId(),
  userId: newId(),
  owner_id: newId(),
  author: newId(),
  role: 'admin',
  roles: ['admin'],
  is_admin: true,
  status: 'completed',
  version: 99,
  created_at: '2000-01-01T00:00:00Z',
  updated_at: '2000-01-01T00:00:00Z',
  completed_at: '2000-01-01T00:00:00Z',
  task_id: newId(),
  taskId: newId(),
  category_ids: [newId()],
  dueDate: '2100-01-01T00:00:00Z',
  '': 1,
};

export const massAssignment = (installation: () => Installation): void =>
  describe('A field that a route does not know', () => {
    let target: Target;
    let document: ApiDocument;

    beforeAll(async () => {
      target = await Target.at(installation());
      document = await ApiDocument.of(target.owner.http);
    });

    const path = (operation: Operation): string => concretePath(operation, (name) => target.idOf(name));

    it('A06: is refused by every route that writes, and changes nothing', async () => {
      expect(document.writes.length).toBeGreaterThanOrEqual(7);
      // What a provider reports has the provider's fields, proven by a signature.
      const ours = document.writes.filter((operation) => !operation.path.includes('/webhooks/'));
      const requests = ours.flatMap((operation) => {
        const { properties = {} } = operation.body ? document.resolve(operation.body) : {};
        const { method } = operation;
        return Object.entries(coveted)
          .filter(([name]) => !(name in properties))
          .map(([name, value]) => ({
            method,
            path: path(operation),
            body: { ...document.exampleBody(operation), [name]: value },
          }));
      });
      await target.refusesEach(requests, { status: 400, reason: 'field_unknown' });
    });

    it('A06: is named, so that an honest client finds its mistake', async () => {
      const { body } = await target.refuses(
        { method: 'POST', path: '/api/v1/tasks', body: { title: 'x', role: 'admin', 'a/b~c': 1 } },
        { status: 400, reason: 'field_unknown' },
      );
      expect((body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
        '/role',
        '/a~1b~0c',
      ]);
    });

    it('A06: is refused in a query as well', async () => {
      const names = ['role', 'owner_id', 'userId', 'limit[]', 'sort[field]', '__proto__', 'constructor', '$where'];
      const requests = document.lists.flatMap((operation) =>
        names.map((name) => ({ path: `${path(operation)}?${encodeURIComponent(name)}=1` })),
      );
      expect(requests.length).toBeGreaterThan(names.length);
      await target.refusesEach(requests, { status: 400 });
    });

    it('A06: cannot come in by the query of a route that writes', async () => {
      const answer = await target.send({
        method: 'PATCH',
        path: `/api/v1/tasks/${target.taskId}?user_id=${newId()}&status=completed&title=stolen`,
        body: { description: 'mine' },
      });
      expect(answer).toMatchObject({
        status: 200,
        body: { title: 'Aimed at', description: 'mine', status: 'pending', user_id: target.owner.userId },
      });
    });

    it('A06: to make a category everybody’s takes an administrator', async () => {
      const body = { name: 'Everybody’s', built_in: true };
      await target.refuses({ method: 'POST', path: '/api/v1/categories', body }, { status: 403, reason: 'admin_only' });
    });
  });
