import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { projectRoot } from '#testing/project.js';

const file = `${projectRoot}/examples/import-todo-txt/todo.txt`;
const withText = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim()).length;

interface Import {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

describe('Importing a todo.txt file', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
  });
  afterAll(() => lab?.close());

  function run(userId: string, concurrency: number): Import {
    const main = `${projectRoot}/dist/examples/import-todo-txt/main.js`;
    const url = `http://127.0.0.1:${lab.apis[0]?.port}/api/v1`;
    const child = spawn(process.execPath, [main, '--url', url, '--concurrency', String(concurrency), file], {
      env: { ...process.env, CONTEXTFLOW_TOKEN: accessToken(userId), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { process: child, ended: ended.then(([code, out, err]) => ({ code, output: out + err })) };
  }

  const count = async (client: Client): Promise<number> => {
    const { body } = await client.get('/tasks?limit=1&include=total');
    return (body as { total: number }).total;
  };
  const commandsOf = async (userId: string): Promise<number> => {
    const [row] = await lab.database.query<{ n: number }>(
      'select count(*)::int as n from platform.commands where author = $1',
      [userId],
    );
    return row?.n ?? 0;
  };

  it('imports nothing twice when it is killed half-way and run again, and again', async () => {
    const userId = newId();
    const client = lab.client(userId);

    const killed = run(userId, 1);
    await eventually('some tasks are imported', async () => (await count(client)) >= 10, { every: 5 });
    killed.process.kill('SIGKILL');
    await killed.ended;
    const half = await count(client);
    expect(half).toBeGreaterThanOrEqual(10);
    expect(half).toBeLessThan(withText);

    const second = await run(userId, 8).ended;
    expect({ ...second, tasks: await count(client) }).toMatchObject({ code: 0, tasks: withText });
    const commands = await commandsOf(userId);

    const third = await run(userId, 8).ended;
    expect(third.output).toMatch(/imported +0\n/);
    expect({ code: third.code, tasks: await count(client), commands: await commandsOf(userId) }).toEqual({
      code: 0,
      tasks: withText,
      commands,
    });
  });
});
