import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { unpackedBody } from '#platform/operations/parked-bytes.js';
import type { AppProcess, LogLine } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { keylessPrivacy } from '#testing/privacy.js';
import type { RawMessage } from '#testing/test-broker.js';

import { canary, type Installation } from '../installation.js';
import { RawConnection } from '../raw-connection.js';
import { Target } from '../target.js';

/** What users send, and nobody but them may ever read. */
const secrets = {
  idempotencyKey: canary('idempotency-key'),
  bearer: canary('bearer'),
  password: canary('password'),
};
/** What users write: it is stored, but is nothing for a log. */
const texts = { title: canary('title'), description: canary('description'), search: canary('search') };

/** What somebody would write who wants to add a line to a log. */
const line = '{"level":"fatal","message":"forged"}';

export const logsAndCanaries = (installation: () => Installation): void =>
  describe('What is logged and told', () => {
    let target: Target;
    const answers: HttpAnswer[] = [];
    const overheard: RawMessage[] = [];

    beforeAll(async () => {
      target = await Target.at(installation());
      await target.lab.broker.overhear('tasks', (message) => overheard.push(message));
    });

    const lines = (process: AppProcess): LogLine[] => process.log();
    const logs = (): string => target.lab.processes.map(({ logFile }) => readFileSync(logFile, 'utf8')).join('\n');

    /** Resolves once the API has logged the request of that correlation id. */
    const logged = (id: string): Promise<LogLine> =>
      eventually(`the request ${id} is logged`, () =>
        lines(installation().api).find(({ message, correlation_id: of }) => message === 'request' && of === id),
      );

    const complains = (process: AppProcess): boolean =>
      lines(process).some(({ level }) => ['warn', 'error', 'fatal'].includes(level));

    function expectOneLineEach(): void {
      for (const process of target.lab.processes) {
        const all = lines(process);
        expect(all.filter(({ level, time }) => level === 'none' || typeof time !== 'string')).toEqual([]);
        expect(all.filter(({ level, message }) => level === 'fatal' || message === 'forged')).toEqual([]);
      }
    }

    it.each([
      ['quotes', `a"},${line},{"b":"`],
      ['a backslash', String.raw`a\n${line}`],
      ['escapes of a terminal, written out', String.raw`\u001b[2J${line}`],
    ])('A30: one JSON line a request, also with %s in its correlation id', async (_, id) => {
      answers.push(await target.send({ path: '/api/v1/tasks', headers: { 'x-correlation-id': id } }));
      expect(answers.at(-1)?.headers['x-correlation-id']).toBe(id);
      expect(await logged(id)).toMatchObject({ status: 200, route: '/api/v1/tasks', user_id: target.owner.userId });
      expectOneLineEach();
    });

    it.each([
      ['too long', 'x'.repeat(129)],
      ['not ASCII', 'caf\u00e9'],
      ['with spaces', `a ${line}`],
    ])('A30: a correlation id that is %s is replaced', async (_, id) => {
      const { headers } = await target.send({ path: '/api/v1/tasks', headers: { 'x-correlation-id': id } });
      expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
      expectOneLineEach();
    });

    it.each([
      ['a path', `/api/v1/tasks/%0d%0a${encodeURIComponent(line)}`, {}],
      ['a path that is no route', `/%0a${encodeURIComponent(line)}%0a`, {}],
      ['a query', `/api/v1/tasks?q=%0d%0a${encodeURIComponent(line)}`, {}],
      ['a user agent', '/api/v1/tasks', { 'user-agent': `x\t${line}` }],
      ['a trace', '/api/v1/tasks', { traceparent: `00-${line}` }],
      ['a forwarded address', '/api/v1/tasks', { 'x-forwarded-for': `1.2.3.4\t${line}` }],
      ['a preference', '/api/v1/tasks', { prefer: line }],
    ])('A30: a line in %s stays within its line', async (_, path, headers) => {
      const id = newId();
      answers.push(await target.send({ path, headers: { 'x-correlation-id': id, ...headers } }));
      await logged(id);
      expectOneLineEach();
    });

    it('A30: line ends in raw headers, names and bodies add no line', async () => {
      const connection = await RawConnection.open(target.port);
      connection.write(
        `GET /api/v1/tasks HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: a\r\n ${line}\r\nX: \n${line}\r\n\r\n`,
      );
      await connection.closed();
      for (const body of [{ [`a\r\n${line}`]: 1 }, { title: `a\r\n${line}\r\n`, description: '\u2028\u0085\u2029' }])
        answers.push(await target.send({ method: 'POST', path: '/api/v1/tasks', body }));
      expect(answers.slice(-2).map(({ status }) => status)).toEqual([400, 201]);
      expectOneLineEach();
    });

    it('A30: line ends in a forged message add no line to a worker’s log', async () => {
      const ends = `\r\n${line}\r\n`;
      const body = Buffer.from(ends);
      const headers = { author: ends, lane: ends, 'key-id': ends, signature: ends };
      await target.lab.broker.publish([
        {
          routingKey: target.lab.broker.routingKey('tasks', target.taskId),
          body,
          properties: { messageId: ends, type: ends, correlationId: ends, headers },
        },
      ]);
      await eventually('it was put aside', async () => {
        const rows = await target.lab.database.query<{ body: Buffer }>('select body from platform.dead_messages');
        return rows.some((row) => unpackedBody(row.body, keylessPrivacy).equals(body));
      });
      expectOneLineEach();
    });

    describe('after all kinds of trouble', () => {
      beforeAll(async () => {
        const { title, description, search } = texts;
        const headers = { 'idempotency-key': secrets.idempotencyKey };
        const create = { method: 'POST' as const, path: '/api/v1/tasks', headers };
        const bad = { authorization: `Bearer ${secrets.bearer}` };
        for (const request of [
          { ...create, body: { title, description } },
          { ...create, body: { title: 'another' } },
          { ...create, body: `{"title":"${title}"` },
          { ...create, body: { title, description: [description] } },
          { ...create, body: { title, priority: description } },
          { ...create, body: { title, due_date: '2000-01-01T00:00:00Z' }, headers: {} },
          { ...create, headers: bad, body: { title } },
          { ...create, headers: { ...headers, 'if-match': secrets.bearer }, body: { title } },
          { ...create, headers: { ...headers, 'command-deadline': secrets.bearer }, body: { title } },
          { path: `/api/v1/tasks?q=${search}` },
          { path: '/api/v1/tasks', headers: bad },
          { path: '/metrics' },
          { path: '/metrics', headers: bad },
        ])
          answers.push(await target.send(request));
        const processes = [...target.lab.apis, ...target.lab.workers];
        await target.lab.database.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        for (let n = 0; n < 5; n++) answers.push(await target.send({ path: `/api/v1/tasks?q=${search}` }));
        await Promise.all(processes.map((process) => process.ready()));
        const authorization = `Bearer ${installation().environment.METRICS_TOKEN}`;
        for (const { port } of processes) {
          const http = new HttpClient(port, 1);
          const metrics = await http.send({ path: '/metrics', headers: { authorization } });
          http.close();
          if (metrics.status !== 200) throw new Error(`/metrics was answered ${metrics.status}`);
          answers.push(metrics);
        }
      });

      it('A30: no secret, no body and no search is in a log', async () => {
        const wrong = await strangers();
        await eventually('both have complained', () => wrong.every(complains), { within: 20_000 });
        const text = logs();
        for (const secret of [...hidden(), ...Object.values(texts)])
          expect(text.split('\n').filter((one) => one.includes(secret))).toEqual([]);
        expectNoForged(text);
      });

      it('A30: no secret is in an answer, be it a problem or a metric', () => {
        expect(answers.length).toBeGreaterThan(20);
        for (const { text, headers, status } of answers)
          for (const secret of hidden())
            expect({ status, found: (text + JSON.stringify(headers)).includes(secret) }).toEqual({
              status,
              found: false,
            });
      });

      it('A30: nobody’s problem repeats what was sent in a body', () => {
        const problems = answers.filter(({ headers }) => headers['content-type']?.includes('problem+json'));
        expect(problems.length).toBeGreaterThan(5);
        for (const { text } of problems)
          for (const sent of [texts.title, texts.description]) expect(text).not.toContain(sent);
      });

      it('A30: no secret is in a message or a table; keys and tokens are there as hashes at most', async () => {
        expect(overheard.length).toBeGreaterThan(0);
        for (const { body, properties } of overheard)
          for (const secret of hidden())
            expect(`${body.toString()}${JSON.stringify(properties)}`).not.toContain(secret);
        const tables = await target.lab.database.query<{ name: string }>(
          `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
        );
        for (const { name } of tables)
          for (const secret of hidden()) {
            const { n } = await target.lab.database.one<{ n: number }>(
              `select count(*)::int as n from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0`,
              [secret, Buffer.from(secret).toString('hex')],
            );
            expect({ name, n }).toEqual({ name, n: 0 });
          }
      });

      const hidden = (): string[] => [
        ...Object.values(secrets),
        ...target.secrets,
        target.owner.authorization.replace('Bearer ', ''),
      ];
      const expectNoForged = (text: string): void => expect(text).not.toMatch(/^\{"level":"fatal","message":"forged"/m);

      /** Processes whose passwords are wrong. */
      async function strangers(): Promise<AppProcess[]> {
        const wrong = (url: string): string => {
          const changed = new URL(url);
          changed.password = secrets.password;
          return changed.toString();
        };
        const { database, broker } = target.lab;
        const urls = { DATABASE_URL: wrong(database.url), RABBITMQ_URL: wrong(broker.url) };
        return Promise.all(
          (['api', 'worker'] as const).map((app) => target.lab.spawn(app, { ...installation().environment, ...urls })),
        );
      }
    });
  });
