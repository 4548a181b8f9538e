import { execFile } from 'node:child_process';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { freePort } from '#testing/ports.js';
import { compiledMain, projectRoot } from '#testing/project.js';
import { sharedServers } from '#testing/servers.js';
import { TestBroker, type RawMessage } from '#testing/test-broker.js';
import { TestDatabase } from '#testing/test-database.js';

import { migrations } from './migrations.js';
import { seedsFor } from './seeds.js';

const newest = migrations.at(-1)?.name as string;
let database: TestDatabase;
let broker: TestBroker;

beforeEach(async () => {
  const servers = sharedServers();
  database = await TestDatabase.create(servers.databaseUrl);
  broker = new TestBroker(servers.rabbitmqUrl);
});
afterEach(async () => {
  await database.drop();
  await broker.close();
});

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly complained: string;
}

/** Runs the compiled program as an operator does. */
function run(line: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    NODE_OPTIONS: '',
    DATABASE_URL: database.url,
    RABBITMQ_URL: broker.url,
    TOPOLOGY_PREFIX: broker.prefix,
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiledMain('cli'), ...line.split(' ')],
      { cwd: projectRoot, env },
      (error, said, complained) => resolve({ code: error ? Number(error.code) : 0, said, complained }),
    );
  });
}

const closedDatabase = async (): Promise<string> => `postgres://nobody@127.0.0.1:${await freePort()}/nowhere`;

describe('Migrations on the command line', () => {
  it('are listed, taken back and run again', async () => {
    expect(await run('migrate')).toMatchObject({ code: 0, said: 'the schema is up to date\n' });
    expect(await run('migrate down')).toMatchObject({ code: 0, said: `reverted: ${newest}\n` });
    expect((await run('migrate --list')).said.trimEnd().split('\n')).toEqual([
      ...migrations.slice(0, -1).map(({ name }) => `applied  ${name}`),
      `pending  ${newest}`,
    ]);
    expect(await run('migrate')).toMatchObject({ code: 0, said: `migrated: ${newest}\n` });
  });

  it('of a newer release are told apart, and not taken back', async () => {
    await database.query(
      `insert into platform.migrations (timestamp, name) values (2999000000000, 'Later2999000000000')`,
    );
    expect((await run('migrate --list')).said).toMatch(/^unknown {2}Later2999000000000$/m);
    const { code, complained } = await run('migrate down');
    expect({ code, complained }).toEqual({
      code: 1,
      complained: expect.stringContaining('Later2999000000000 is not part of this release'),
    });
  });

  it('need a Postgres that answers', async () => {
    const { code, complained } = await run('migrate', { DATABASE_URL: await closedDatabase() });
    expect(code).toBe(1);
    expect(complained).toMatch(/^contextflow: Postgres cannot be reached: connect ECONNREFUSED .* Check DATABASE_URL/);
  });
});

describe('A check on the command line', () => {
  it('finds nothing wrong with a database that was just migrated', async () => {
    const { code, said } = await run('db check');
    expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/\n0 faults, \d+ warnings?\n$/) });
  });

  it('compares the read models of the contexts, for people and for programs', async () => {
    await database.query('alter table tasks.task_list drop column title');
    const { code, said } = await run('db check');
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringMatching(/^fault {4}schema {8}tasks\.task_list\.title: the column is missing/m),
    });
    const answer = JSON.parse((await run('db check --json')).said) as { ok: boolean; findings: object[] };
    expect(answer.ok).toBe(false);
    expect(answer.findings).toContainEqual({
      check: 'schema',
      level: 'fault',
      message: 'tasks.task_list.title: the column is missing (text)',
      advice: expect.stringContaining('npm run migrate'),
    });
  });

  it('says that nobody answers, without the password', async () => {
    const address = (await closedDatabase()).replace('nobody@', 'nobody:secret@');
    const { code, said, complained } = await run('db check --json', { DATABASE_URL: address });
    expect({ code, complained }).toEqual({ code: 1, complained: '' });
    expect(JSON.parse(said)).toMatchObject({ ok: false, findings: [{ check: 'server', level: 'fault' }] });
    expect(said).not.toContain('secret');
  });
});

describe('Seeding', () => {
  const contexts = ['notifications', 'tasks', 'auth'];
  afterEach(() => broker.remove(contexts));

  it('sends the same commands each time, and waits for no worker', async () => {
    const seeds = await seedsFor({ nodeEnv: 'development' });
    expect(seeds.map(({ context }) => context)).toEqual(contexts);
    const count = seeds.flatMap(({ commands }) => commands).length;
    const done = { code: 0, said: `seeded: ${count} commands (${contexts.join(', ')})\n`, complained: '' };
    expect(await run('seed')).toEqual(done);
    const overheard: RawMessage[] = [];
    for (const context of contexts) await broker.overhear(context, (message) => overheard.push(message));
    expect(await run('seed')).toEqual(done);
    expect(await run('seed')).toEqual(done);
    await eventually('both rounds are overheard', () => overheard.length === 2 * count);
    const rounds = [overheard.slice(0, count), overheard.slice(count)].map((round) =>
      round.map(({ properties }) => `${properties.messageId} ${properties.type}`).toSorted(),
    );
    expect(rounds[1]).toEqual(rounds[0]);
    expect(new Set(rounds[0]).size).toBe(count);
    const ofWorkers = contexts.map((context) => broker.topology.eventQueue(context));
    const declared = broker.queues(contexts).filter((queue) => !ofWorkers.includes(queue));
    const queues = await Promise.all(declared.map((queue) => broker.waiting(queue)));
    expect(queues.reduce((sum, waiting) => sum + waiting, 0)).toBe(3 * count);
  });

  it('makes nobody in production whose password everybody knows', async () => {
    const seeds = await seedsFor({ nodeEnv: 'production' });
    expect(seeds.map(({ context }) => context)).toEqual(['notifications', 'tasks']);
  });

  it('needs the schema', async () => {
    await run('migrate down');
    const { code, complained } = await run('seed');
    expect({ code, complained }).toEqual({
      code: 1,
      complained: `contextflow: The schema is behind (${newest} is pending): run "npm run migrate" first.\n`,
    });
  });

  it('gives up on servers that are not there', async () => {
    const port = await freePort();
    const brokerless = await run('seed --within 2', { RABBITMQ_URL: `amqp://guest:secret@127.0.0.1:${port}` });
    expect(brokerless).toMatchObject({ code: 1, said: '' });
    expect(brokerless.complained).toMatch(
      new RegExp(`^contextflow: RabbitMQ cannot be reached: .* tried for 2 s at 127.0.0.1:${port}: check RABBITMQ_URL`),
    );
    expect(brokerless.complained).not.toContain('secret');
    const baseless = await run('seed --within 1', { DATABASE_URL: await closedDatabase() });
    expect(baseless).toMatchObject({ code: 1, said: '' });
    expect(baseless.complained).toMatch(/^contextflow: Postgres cannot be reached: .* for 1 s .* check DATABASE_URL/);
  });
});
