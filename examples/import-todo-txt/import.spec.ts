import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ImportImpossible, TasksApi, type Clock, type NewTask, type Problem, type Task } from './api-client.js';
import { importTasks, type Progress } from './import.js';
import { renderList } from './list.js';
import { plan } from './mapping.js';

const TIME_LIMIT = 60_000;
const TODAY = new Date('2026-11-21T12:00:00Z');

/** Time passes only where the program under test waits. */
class SteppedClock implements Clock {
  readonly pauses: number[] = [];
  private time = 0;

  now(): number {
    return this.time;
  }

  pause(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

interface Command {
  readonly command_id: string;
  readonly resource_id: string;
  readonly body: string;
  looks: number;
  status: string;
  problem?: Problem;
}

/** Plays the HTTP contract in memory: keys, outcomes known at the second look, pages of two, and what a test makes fail. */
class ContractApi {
  readonly tasks = new Map<string, Task>();
  readonly received: string[] = [];
  readonly keys: string[] = [];
  readonly refusals: (Answer | undefined)[] = [];
  readonly rejectedTitles = new Map<string, Problem>();
  readonly neverSettled = new Set<string>();
  token = 'secret';
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly commands = new Map<string, Command>();
  private readonly commandsByKey = new Map<string, Command>();
  private readonly server: Server = createServer((request, response) => {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    void textOf(request).then((body) => {
      const answer = this.answer(request, body);
      this.atOnce -= 1;
      response.writeHead(answer.status, {
        'content-type': answer.status < 300 ? 'application/json' : 'application/problem+json',
        ...answer.headers,
      });
      response.end(JSON.stringify(answer.body));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/v1`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url = '', headers }: IncomingMessage, body: string): Answer {
    if (headers.authorization !== `Bearer ${this.token}`) {
      return { status: 401, body: { reason: 'token_expired', detail: 'The token has expired' } };
    }
    const { pathname, searchParams } = new URL(url, 'http://api');
    const [, , , resource, id = ''] = pathname.split('/');
    if (method === 'GET' && resource === 'tasks') return this.page(Number(searchParams.get('cursor') ?? 0));
    if (method === 'GET') return this.look(id);

    const key = String(headers['idempotency-key']);
    this.keys.push(key);
    const refusal = this.refusals.shift();
    if (refusal) return refusal;
    const known = this.commandsByKey.get(key);
    if (known && known.body !== body) {
      return { status: 422, body: { reason: 'idempotency_key_reused', detail: 'The key was used with another body' } };
    }
    const command = known ?? (id === '' ? this.create(body) : this.complete(id));
    this.commandsByKey.set(key, command);
    this.commands.set(command.command_id, command);
    return {
      status: 202,
      body: { command_id: command.command_id, resource_id: command.resource_id, status: 'accepted' },
    };
  }

  private create(body: string): Command {
    const { title, priority, due_date } = JSON.parse(body) as NewTask;
    const id = `task-${this.commands.size}`;
    this.received.push(`create ${title}`);
    const problem = this.rejectedTitles.get(title);
    if (!problem) this.tasks.set(id, { id, title, priority, due_date, status: 'pending' });
    const status = problem ? 'rejected' : this.neverSettled.has(title) ? 'blocked' : 'succeeded';
    return { command_id: `command-${this.commands.size}`, resource_id: id, body, looks: 0, status, problem };
  }

  private complete(id: string): Command {
    const task = this.tasks.get(id);
    this.received.push(`complete ${task?.title ?? 'nothing'}`);
    if (task) this.tasks.set(id, { ...task, status: 'completed' });
    return {
      command_id: `command-${this.commands.size}`,
      resource_id: id,
      body: '',
      looks: 0,
      status: task ? 'succeeded' : 'rejected',
      problem: task ? undefined : { reason: 'task_not_found', detail: 'There is no such task' },
    };
  }

  private look(id: string): Answer {
    const command = this.commands.get(id);
    if (!command) return { status: 404, body: { reason: 'command_not_found', detail: 'There is no such command' } };
    command.looks += 1;
    const { command_id, status, problem } = command;
    return {
      status: 200,
      body: command.looks === 1 ? { command_id, status: 'accepted' } : { command_id, status, problem },
    };
  }

  private page(from: number): Answer {
    const all = [...this.tasks.values()];
    const next_cursor = from + 2 < all.length ? String(from + 2) : null;
    return { status: 200, body: { items: all.slice(from, from + 2), next_cursor } };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

describe('Importing a todo.txt file', () => {
  const progress: Progress = { start: () => undefined, step: () => undefined, stop: () => undefined };
  let api: ContractApi;
  let url: string;
  let clock: SteppedClock;

  beforeEach(async () => {
    api = new ContractApi();
    url = await api.listen();
    clock = new SteppedClock();
  });
  afterEach(() => api.close());

  const run = (content: string, { concurrency = 4, now = TODAY } = {}) =>
    importTasks(new TasksApi(url, 'secret', TIME_LIMIT, clock), plan(content, now).tasks, {
      concurrency,
      progress,
      clock,
    });

  it('creates every task, completes the done ones, and returns the whole list', async () => {
    const { results, tasks } = await run('(A) Milk\nx 2026-11-20 Bread\nx Eggs');

    expect(results).toEqual([
      { line: 1, outcome: 'imported', completed: false },
      { line: 2, outcome: 'imported', completed: true },
      { line: 3, outcome: 'imported', completed: true },
    ]);
    const list = tasks.map(({ title, status, priority }) => `${title} ${status} ${priority}`).sort();
    expect(list).toEqual(['Bread completed medium', 'Eggs completed medium', 'Milk pending urgent']);
  });

  it('completes a task only after having created it, however many lines are under way', async () => {
    await run(Array.from({ length: 30 }, (_, index) => `x Item ${index}`).join('\n'), { concurrency: 8 });

    expect(api.received).toHaveLength(60);
    expect(api.received).not.toContain('complete nothing');
  });

  it('has no more requests under way than allowed', async () => {
    await run(Array.from({ length: 30 }, (_, index) => `Item ${index}`).join('\n'), { concurrency: 3 });

    expect(api.mostAtOnce).toBeLessThanOrEqual(3);
  });

  it('imports nothing twice', async () => {
    await run('Milk\nx Bread');
    const { results, tasks } = await run('Milk\nx Bread');

    expect(results.map(({ outcome, completed }) => ({ outcome, completed }))).toEqual([
      { outcome: 'unchanged', completed: false },
      { outcome: 'unchanged', completed: false },
    ]);
    expect(tasks).toHaveLength(2);
  });

  it('makes two tasks of two equal lines', async () => {
    const { tasks } = await run('Milk\nMilk');

    expect(tasks.map(({ title }) => title)).toEqual(['Milk', 'Milk']);
  });

  it('completes on the second run what the first one could only create', async () => {
    const down = { status: 503, body: { detail: 'The broker is down' }, headers: { 'retry-after': '3600' } };
    api.refusals.push(undefined, down);
    const first = await run('x Bread');
    const second = await run('x Bread');

    expect(first.results).toEqual([{ line: 1, outcome: 'failed', completed: false, problem: 'The broker is down' }]);
    expect(second.results).toEqual([{ line: 1, outcome: 'unchanged', completed: true }]);
    expect(second.tasks).toHaveLength(1);
  });

  it('leaves a task alone that was deleted after it had been imported', async () => {
    await run('Milk');
    api.tasks.clear();
    const { results } = await run('Milk');

    expect(results).toEqual([{ line: 1, outcome: 'deleted', completed: false }]);
  });

  it('leaves a task alone whose due date has passed since it was imported', async () => {
    await run('Pay due:2026-12-01');
    const { results, tasks } = await run('Pay due:2026-12-01', { now: new Date('2026-12-02T00:00:00Z') });

    expect(results).toEqual([{ line: 1, outcome: 'unchanged', completed: false }]);
    expect(tasks).toHaveLength(1);
  });

  it('gives a busy API the time that it asks for, then sends the same key again', async () => {
    api.refusals.push({ status: 503, body: {}, headers: { 'retry-after': '7' } });
    const { results } = await run('Milk');

    expect(results).toEqual([{ line: 1, outcome: 'imported', completed: false }]);
    expect(clock.pauses[0]).toBe(7_000);
    expect(api.keys).toHaveLength(2);
    expect(new Set(api.keys).size).toBe(1);
  });

  it('understands a time to come back given as a date', async () => {
    const headers = { 'retry-after': new Date(9_000).toUTCString() };
    api.refusals.push({ status: 429, body: {}, headers });
    await run('Milk');

    expect(clock.pauses[0]).toBe(9_000);
  });

  it('tells the line and the reason of a rejection, not what follows from it', async () => {
    api.rejectedTitles.set('Milk', { reason: 'title_unwanted', detail: 'No milk today' });
    const { results } = await run('Bread\nx Milk');

    expect(results[0]).toMatchObject({ line: 1, outcome: 'imported' });
    expect(results[1]).toEqual({ line: 2, outcome: 'failed', completed: false, problem: 'rejected: No milk today' });
  });

  it('tells field by field what an invalid request got wrong', async () => {
    const errors = [{ pointer: '/title', detail: 'is too long' }];
    api.refusals.push({ status: 400, body: { title: 'Invalid', errors } });
    const { results } = await run('Milk');

    expect(results[0]).toMatchObject({ outcome: 'failed', problem: 'Invalid: /title is too long' });
  });

  it('stops waiting for a command at the time limit and says so', async () => {
    api.neverSettled.add('Milk');
    const { results } = await run('Milk');

    expect(clock.now()).toBe(TIME_LIMIT);
    expect(results[0]).toMatchObject({ outcome: 'failed', problem: expect.stringContaining('still blocked') });
  });

  it('ends at once, with advice, when the token is refused', async () => {
    api.token = 'another';

    await expect(run('Milk')).rejects.toThrow(ImportImpossible);
    await expect(run('Milk')).rejects.toThrow('Get a fresh one');
  });

  it('ends at once, with advice, when nobody listens', async () => {
    await api.close();

    await expect(run('Milk')).rejects.toThrow('Is the API running');
    expect(clock.pauses).toEqual([]);
  });
});

describe('The list of tasks', () => {
  const task = (title: string, status: string, priority: string, due_date: string | null = null): Task => ({
    id: title,
    title,
    status,
    priority,
    due_date,
  });

  it('is grouped by status and sorted by urgency, then due date', () => {
    const tasks = [
      task('Bread', 'completed', 'low'),
      task('Milk', 'pending', 'medium', '2027-03-02T23:59:59Z'),
      task('Eggs', 'pending', 'medium', '2027-03-01T23:59:59Z'),
      task('Rent', 'pending', 'urgent'),
    ];
    expect(renderList(tasks, { rows: 40, width: 80 }).split('\n')).toEqual([
      'PENDING (3)',
      '  priority  due         title',
      '  urgent                Rent',
      '  medium    2027-03-01  Eggs',
      '  medium    2027-03-02  Milk',
      '',
      'COMPLETED (1)',
      '  priority  due         title',
      '  low                   Bread',
    ]);
  });

  it('shares the rows among the groups and counts what it leaves out', () => {
    const many = (status: string, count: number) =>
      Array.from({ length: count }, (_, index) => task(`${status} ${index}`, status, 'low'));
    const list = renderList([...many('pending', 100), ...many('completed', 5)], { rows: 12, width: 80 });

    expect(list).toContain('… and 93 more');
    expect(list.match(/completed \d/g)).toHaveLength(5);
  });

  it('lets no control character of a title reach the terminal, and no title exceed its width', () => {
    const list = renderList([task('\u001b[31mred\u0007', 'pending', 'low'), task('🎁'.repeat(50), 'pending', 'low')], {
      rows: 40,
      width: 60,
    });

    expect(list.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(list).toContain(`${'🎁'.repeat(17)}…`);
    expect(list).not.toContain('🎁'.repeat(18));
  });
});
