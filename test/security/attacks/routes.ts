import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';

import { ApiDocument, concretePath, type Operation, type Parameter } from '../api-document.js';
import type { Installation } from '../installation.js';
import { Target } from '../target.js';

const malformedIds = [
  '1',
  'null',
  'undefined',
  '00000000-0000-0000-0000-00000000000g',
  '{00000000-0000-4000-8000-000000000000}',
  "' or 1=1 --",
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%0d%0aSet-Cookie:a=b',
  '%ff%fe',
  '%zz',
  '%',
  '%e2%80%ae',
  'x'.repeat(150),
  'x'.repeat(5_000),
];

const isForm = (type: string): boolean => type === 'application/x-www-form-urlencoded';

export const routes = (installation: () => Installation): void =>
  describe('A route', () => {
    let target: Target;
    let document: ApiDocument;
    let stranger: Client;

    beforeAll(async () => {
      target = await Target.at(installation());
      document = await ApiDocument.of(target.owner.http);
      stranger = target.lab.client(newId());
    });

    const path = (operation: Operation, id?: string): string =>
      concretePath(operation, (name) => id ?? target.idOf(name));

    it('A08: with a malformed id is 404, or 400 where the path cannot be read', async () => {
      const withIds = document.operations.filter((operation) => operation.path.includes('{'));
      expect(withIds.length).toBeGreaterThan(5);
      const requests = withIds.flatMap((operation) =>
        malformedIds.map((id) => ({
          method: operation.method,
          path: path(operation, id.includes('%') ? id : encodeURIComponent(id)),
          body: document.exampleBody(operation),
        })),
      );
      const answers = await target.refusesEach(requests, { status: [400, 404] });
      for (const { headers } of answers) expect(headers).not.toHaveProperty('set-cookie');
    });

    it('A08: with an id in capitals means the same thing, and with one of nobody is 404', async () => {
      const { status, body } = await target.send({ path: `/api/v1/tasks/${target.taskId.toUpperCase()}` });
      expect({ status, body }).toMatchObject({ status: 200, body: { id: target.taskId } });
      const reads = document.operations.filter(({ method, path: route }) => method === 'GET' && route.includes('{'));
      await target.refusesEach(
        reads.map((operation) => ({ path: path(operation, newId()) })),
        { status: 404 },
      );
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/json; charset=utf-16',
      'application/jsonp',
      '*/*',
      'nonsense',
    ])('A10: refuses a body of type %s', async (type) => {
      const requests = document.writes
        // What takes forms too is asked for everything else.
        .filter((operation) => operation.body && !(isForm(type) && operation.path === '/api/v1/auth/token'))
        .map((operation) => ({
          method: operation.method,
          path: path(operation),
          body: JSON.stringify(document.exampleBody(operation)),
          headers: { 'content-type': type },
        }));
      await target.refusesEach(requests, { status: 415 });
    });

    it('A10: is 405 with all methods of its path in Allow, for every path and every other method', async () => {
      for (const concrete of new Set(document.operations.map((operation) => path(operation)))) {
        const known = document.operations
          .filter((operation) => leadsTo(operation, concrete))
          .map(({ method }) => method);
        const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((method) => !known.includes(method));
        const requests = others.map((method) => ({ method, path: concrete, body: method === 'GET' ? undefined : {} }));
        const answers = await target.refusesEach(requests, { status: 405, reason: 'method_not_allowed' });
        for (const { headers } of answers)
          expect(headers.allow?.split(', ')).toEqual(expect.arrayContaining([...new Set(known)]));
      }
    });

    it.each(['text/html', 'application/xml', 'application/json;q=0', 'image/*'])(
      'A10: is 406 to whoever accepts only %s',
      async (accept) => {
        const requests = document.operations
          .filter(({ path: route }) => route.startsWith('/api/'))
          .map((operation) => ({
            method: operation.method,
            path: path(operation),
            body: document.exampleBody(operation),
            headers: { accept },
          }));
        await target.refusesEach(requests, { status: 406, reason: 'not_acceptable' });
      },
    );

    it.each([
      '/api/v1/nothing',
      '/api/v2/tasks',
      '//api/v1/tasks',
      '/api/v1/tasks/../../../etc/passwd',
      '/.env',
      '/api',
    ])('A10: that does not exist is 404: %s', async (unknown) => {
      await target.refuses({ path: unknown }, { status: 404, reason: 'route_not_found' });
    });

    describe('that lists', () => {
      const query = (parameters: Readonly<Record<string, string>>): string =>
        new URLSearchParams(parameters).toString();

      it.each(['0', '-1', '1e9', '1000000000', '1.5', 'NaN', 'Infinity', '0x10', ' 1', '', '101', '९'])(
        'A11: refuses limit=%s',
        async (limit) => {
          await target.refusesEach(
            document.lists.map((operation) => ({ path: `${path(operation)}?${query({ limit })}` })),
            { status: 400 },
          );
        },
      );

      it('A11: refuses cursors that it has not given: changed, cut, made up, of another list, sort, filter or user', async () => {
        for (const title of ['one', 'two', 'three']) {
          await target.send({ method: 'POST', path: '/api/v1/tasks', body: { title } });
          await stranger.send({
            method: 'POST',
            path: '/api/v1/tasks',
            body: { title },
            headers: { prefer: 'wait=5' },
          });
        }
        const next = async (client: Client, list: string): Promise<string> => {
          const { body } = await client.send({ path: list });
          return (body as { next_cursor: string }).next_cursor;
        };
        const cursor = await next(target.owner, '/api/v1/tasks?limit=1');
        const [position, signature] = cursor.split('.') as [string, string];
        const changed = Buffer.from(position, 'base64url')
          .toString()
          .replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
        const tampered = [
          `${Buffer.from(changed).toString('base64url')}.${signature}`,
          `${position}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
          `${position}.`,
          position,
          `${cursor}.${signature}`,
          '.',
          'null',
          "' or 1=1 --",
          Buffer.from(JSON.stringify({ key: 1 })).toString('base64url'),
          await next(target.owner, '/api/v1/tasks?limit=1&sort=priority'),
          await next(target.owner, '/api/v1/tasks?limit=1&status=pending'),
          await next(stranger, '/api/v1/tasks?limit=1'),
        ];
        expect((await target.send({ path: `/api/v1/tasks?${query({ limit: '1', cursor })}` })).status).toBe(200);
        const requests = tampered.flatMap((forged) =>
          document.lists.map((operation) => ({ path: `${path(operation)}?${query({ limit: '1', cursor: forged })}` })),
        );
        const foreign = document.lists
          .filter((operation) => operation.path !== '/api/v1/tasks')
          .map((operation) => ({ path: `${path(operation)}?${query({ cursor })}` }));
        await target.refusesEach([...requests, ...foreign], { status: 400, reason: 'cursor_invalid' });
      });

      const sly = [
        "'",
        "' or '1'='1",
        "'; drop table tasks.task_list; --",
        '%',
        '_',
        '\\',
        '%%%',
        'x%',
        '" or ""="',
        '$1',
        ':name',
        '{{7*7}}',
        '(?:a+)+$',
        '*',
        "1) union all (values ('",
        '\u0130\u00df\u{1f984}',
      ];

      it.each(sly)('A12: takes %s for nothing but text, in every filter, search and sort', async (text) => {
        const named = document.lists.flatMap((operation) =>
          operation.parameters
            .filter(({ in: where }) => where === 'query')
            .map((parameter) => ({ parameter, path: `${path(operation)}?${query({ [parameter.name]: text })}` })),
        );
        expect(named.length).toBeGreaterThan(8);
        const answers = await target.unchanged(() => target.sendEach(named));
        for (const [at, answer] of answers.entries())
          if (isFreeText(named[at]?.parameter as Parameter)) {
            const { items = [] } = answer.body as { items?: readonly object[] };
            expect(answer.status).toBe(200);
            // A user name may well hold an underscore.
            for (const item of items) expect(JSON.stringify(item)).toContain(text);
            target.expectDiscreet(answer.text);
          } else target.expectRefusal(answer, { status: 400 }, named[at]);
      });

      it('A12: finds what is searched for by its text, and not by what the text means elsewhere', async () => {
        const titles = ['100% sure', 'snake_case', String.raw`back\slash`, "o'clock"];
        for (const title of titles) await target.send({ method: 'POST', path: '/api/v1/tasks', body: { title } });
        for (const [text, found] of [
          ['%', ['100% sure']],
          ['_', ['snake_case']],
          ['\\', [String.raw`back\slash`]],
          ["'", ["o'clock"]],
          ['SNAKE_', ['snake_case']],
        ] as const) {
          const { body } = await target.send({ path: `/api/v1/tasks?${query({ q: text })}` });
          expect((body as { items: { title: string }[] }).items.map(({ title }) => title)).toEqual(found);
        }
      });

      it('A05: refuses a parameter that is given twice, unless it is a list', async () => {
        const requests = document.lists.flatMap((operation) =>
          operation.parameters
            .filter(({ schema, in: where }) => where === 'query' && schema.type !== 'array')
            .map(({ name }) => ({ path: `${path(operation)}?${name}=1&${name}=1` })),
        );
        await target.refusesEach(requests, { status: 400 });
        const { status } = await target.send({ path: '/api/v1/tasks?status=pending&status=completed' });
        expect(status).toBe(200);
      });

      it.each(['%ed%a0%80', '%00', '%c0%80', '%1b', '%zz', '%'])('A07: reads no %s from a query', async (escape) => {
        const answer = await target.send({ path: `/api/v1/tasks?q=a${escape}b` });
        if (answer.status === 200) expect(answer.body).toMatchObject({ items: [] });
        else target.expectRefusal(answer, { status: 400 });
      });
    });
  });

/** The path is one of the operation's, `{name}` standing for any segment. */
const leadsTo = (operation: Operation, path: string): boolean =>
  new RegExp(`^${concretePath(operation, () => '[^/]+')}$`).test(path);

const isFreeText = ({ schema, name }: Parameter): boolean =>
  name !== 'cursor' && schema.type === 'string' && !schema.enum && !schema.format && !schema.pattern;
