import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { dataFolder } from '#testing/project.js';

import { contextflow } from '../../apps/cli/src/program.js';
import { Terminal } from '../../apps/cli/src/terminal.js';
import { Caller, type Answer } from './caller.js';

interface Parked {
  readonly id: string;
  readonly state: string;
  readonly [field: string]: unknown;
}

const delays = { ATTEMPT_DELAYS: '0.2,0.2' };

describe('An operator of parked commands', () => {
  let lab: Lab;
  let user: Caller;
  let admin: Caller;

  /** Has the read model refuse tasks of those titles, and no others. */
  const refuse = async (...titles: readonly string[]): Promise<void> => {
    await lab.database.query(
      'with before as (delete from bad_titles where title <> all($1)) insert into bad_titles select unnest($1::text[]) on conflict do nothing',
      [titles],
    );
  };
  const sent = async (path: string, body?: object): Promise<{ id: string; resource: string }> => {
    const { status, body: answer, text } = await user.post(path, body);
    if (status !== 202) throw new Error(`${status} ${text}`);
    return { id: String(answer.command_id), resource: String(answer.resource_id) };
  };
  /** A task that cannot be created, with a command behind it. */
  const stuck = async () => {
    await refuse('Pack the bag');
    const create = await sent('/tasks', { title: 'Pack the bag' });
    const start = await sent(`/tasks/${create.resource}/start`);
    return { create, start };
  };
  const status = async (id: string): Promise<Answer['body']> => (await admin.get(`/commands/${id}`)).body;
  const reaches = (id: string, ...states: string[]): Promise<Answer['body']> =>
    eventually(`${id} is ${states.join(' or ')}`, async () => {
      const now = await status(id);
      return states.includes(String(now.status)) ? now : undefined;
    });
  const shown = async (id: string): Promise<Answer> => admin.get(`/ops/parked/${id}`);
  const listed = async (query: string): Promise<Parked[]> => {
    const { status: code, body, text } = await admin.get(`/ops/parked${query}`);
    if (code !== 200) throw new Error(`${code} ${text}`);
    return body.items as Parked[];
  };
  const actions = async (id: string) =>
    (await admin.get(`/ops/actions?subject_id=${id}&sort=at`)).body.items as readonly Record<string, unknown>[];
  const cli = async (line: readonly string[], environment: Record<string, string> = {}) => {
    let [said, complained] = ['', ''];
    const terminal = new Terminal(
      (text) => (said += text),
      (text) => (complained += text),
      {
        CONTEXTFLOW_URL: `http://127.0.0.1:${lab.apis[0]?.port}`,
        CONTEXTFLOW_TOKEN: accessToken(admin.userId, ['admin']),
        ...environment,
      },
    );
    return { code: await contextflow(line, terminal), said, complained };
  };

  beforeAll(async () => {
    lab = await Lab.with({ workers: 0 });
    await lab.database.query(
      `create table bad_titles (title text primary key);
       create function refuse() returns trigger language plpgsql as $$ begin
         if exists (select from bad_titles b where b.title = new.title) then raise exception 'the shelf is broken'; end if;
         return new; end $$;
       create trigger refuse before insert on tasks.task_list for each row execute function refuse()`,
    );
    await lab.worker(delays);
    user = new Caller(lab.apis[0]!, newId());
    admin = new Caller(lab.apis[0]!, newId(), ['admin']);
  });
  afterAll(async () => {
    user?.close();
    admin?.close();
    await lab?.close();
  });

  it('sees a command fail, be tried again, and die; after the fix it is retried, and its lane goes on in order', async () => {
    const { create, start } = await stuck();

    expect(await reaches(create.id, 'retrying', 'dead')).toMatchObject({ attempts: expect.any(Number) });
    expect(await reaches(create.id, 'dead')).toMatchObject({ attempts: 9 });
    expect(await reaches(start.id, 'blocked')).toMatchObject({ blocked_by: create.id });
    expect(await listed(`?lane=${create.resource}`)).toEqual([
      expect.objectContaining({
        id: create.id,
        state: 'dead',
        attempts: 9,
        error: 'the shelf is broken',
        behind: 1,
        blocked_by: null,
        version: 1,
      }),
      expect.objectContaining({ id: start.id, state: 'blocked', blocked_by: create.id, behind: 0 }),
    ]);
    const one = await shown(create.id);
    expect(one.body).toMatchObject({
      payload: { task_id: create.resource, title: 'Pack the bag' },
      stack: expect.stringContaining('the shelf is broken'),
      delayed: 2,
      edition: 0,
    });
    expect(one.headers.etag).toMatch(/^"1-dead_9_1"$/);
    expect(await admin.post(`/ops/parked/${start.id}/retry`)).toMatchObject({
      status: 409,
      body: { reason: 'blocked', detail: expect.stringContaining(create.id) },
    });

    await refuse();
    expect(await admin.post(`/ops/parked/${create.id}/retry`, { reason: 'deployed the fix' })).toMatchObject({
      status: 200,
      body: { id: create.id, state: 'retrying', attempts: 9, version: 2 },
    });
    const [created, started] = [await reaches(create.id, 'succeeded'), await reaches(start.id, 'succeeded')];
    expect([created.result, started.result]).toEqual([
      { version: 1, created: true },
      { version: 2, created: false },
    ]);
    expect(await listed(`?lane=${create.resource}`)).toEqual([]);
    expect(await actions(create.id)).toMatchObject([
      { action: 'retry', operator: admin.userId, reason: 'deployed the fix', before: { state: 'dead' } },
    ]);
    expect(await admin.post(`/ops/parked/${create.id}/retry`)).toMatchObject({
      status: 409,
      body: { reason: 'too_late' },
    });
  });

  it('edits the payload: the journal shows it, under the same id, and copies of the request stay copies', async () => {
    const key = { 'idempotency-key': newId() };
    await refuse('Pakc the bag');
    const first = await user.post('/tasks', { title: 'Pakc the bag' }, key);
    const id = String(first.body.command_id);
    const taskId = String(first.body.resource_id);
    await reaches(id, 'dead');
    const edit = (payload: object, headers?: Record<string, string>) =>
      admin.post(`/ops/parked/${id}/edit`, { payload, reason: 'a slip of the pen' }, headers);
    const { payload } = (await shown(id)).body as { payload: Record<string, unknown> };
    expect(await edit({ ...payload, title: '' })).toMatchObject({
      status: 400,
      body: { errors: [expect.objectContaining({ pointer: expect.stringContaining('title') })] },
    });
    expect(await edit({ ...payload, task_id: newId() })).toMatchObject({
      status: 400,
      body: { reason: 'lane_changed' },
    });
    expect(await edit(payload, { 'if-match': '"7"' })).toMatchObject({ status: 412 });

    expect(await edit({ ...payload, title: 'Pack the bag' }, { 'if-match': '"1-dead_9_0"' })).toMatchObject({
      status: 200,
      body: { state: 'retrying', version: 2 },
    });
    await reaches(id, 'succeeded');
    expect((await user.get(`/tasks/${taskId}`)).body).toMatchObject({ title: 'Pack the bag' });
    const { journal } = await lab.database.one<{ journal: { title: string } }>(
      'select payload as journal from platform.commands where id = $1',
      [id],
    );
    expect(journal.title).toBe('Pack the bag');
    expect(await actions(id)).toMatchObject([{ action: 'edit', reason: 'a slip of the pen' }]);
    expect((await user.post('/tasks', { title: 'Pakc the bag' }, key)).body).toMatchObject({ command_id: id });
    expect(await reaches(id, 'succeeded')).toMatchObject({ result: { version: 1 } });
  });

  it('discards a command: its lane goes on without it', async () => {
    const { create, start } = await stuck();
    await reaches(create.id, 'dead');
    expect(await admin.post(`/ops/parked/${create.id}/discard`, {})).toMatchObject({ status: 400 });
    expect(await admin.post(`/ops/parked/${create.id}/discard`, { reason: 'not wanted' })).toMatchObject({
      status: 204,
    });
    expect(await status(create.id)).toMatchObject({ status: 'discarded' });
    expect(await reaches(start.id, 'rejected')).toMatchObject({ problem: { reason: 'task_not_found' } });
    expect(await admin.post(`/ops/parked/${create.id}/discard`, { reason: 'not wanted' })).toMatchObject({
      status: 409,
    });
    expect(await shown(newId())).toMatchObject({ status: 404 });
  });

  it('does not keep those waiting behind a dead command whose deadline is over', async () => {
    await refuse('Pack the bag');
    const create = await sent('/tasks', { title: 'Pack the bag' });
    await reaches(create.id, 'dead');
    const { body: start } = await user.post(`/tasks/${create.resource}/start`, undefined, {
      'command-deadline': new Date(Date.now() + 1_500).toISOString(),
    });
    await reaches(String(start.command_id), 'blocked');
    expect(await reaches(String(start.command_id), 'rejected')).toMatchObject({
      problem: { reason: 'deadline_exceeded' },
    });
    expect(await status(create.id)).toMatchObject({ status: 'dead' });
    await admin.post(`/ops/parked/${create.id}/discard`, { reason: 'done with' });
  });

  it('does not find more than a thousand waiting behind one: those that come then are rejected', async () => {
    const { create, start } = await stuck();
    await reaches(start.id, 'blocked');
    await lab.database.query(
      `insert into platform.parked_commands
         (id, type, context, lane, lane_hash, resource_id, author, state, envelope, attempts, release, accepted_at)
       select gen_random_uuid(), type, context, lane, lane_hash, resource_id, author, 'blocked', envelope, 0, release, now()
       from platform.parked_commands, generate_series(1, 999) where id = $1`,
      [start.id],
    );
    const { body } = await user.post(`/tasks/${create.resource}/complete`, undefined, { prefer: 'wait=10' });
    expect(body).toMatchObject({ status: 409, reason: 'lane_blocked' });
    await lab.database.query('delete from platform.parked_commands where lane = $1 and id <> all($2)', [
      create.resource,
      [create.id, start.id],
    ]);
    await reaches(create.id, 'dead');
    await admin.post(`/ops/parked/${create.id}/discard`, { reason: 'done with' });
    await reaches(start.id, 'rejected');
  });

  it('works from the command line: list, show, retry by filter, edit, discard', async () => {
    const titles = ['one', 'two', 'three', 'four'];
    await refuse(...titles);
    const all = [];
    for (const title of titles) all.push({ title, ...(await sent('/tasks', { title })) });
    for (const { id } of all) await reaches(id, 'dead');
    const order = (await listed('?state=dead')).map(({ id }) => id);
    const culprit = order[2] as string;
    await refuse(all.find(({ id }) => id === culprit)!.title);

    const list = await cli(['parked', 'list', '--state', 'dead']);
    expect(list).toMatchObject({ code: 0, complained: '' });
    expect(list.said).toMatch(/^ID +STATE +TYPE +ATTEMPTS/);
    for (const { id } of all) expect(list.said).toContain(id);
    const json = await cli(['parked', 'list', '--json', '--limit', '2']);
    expect((JSON.parse(json.said) as Parked[]).map(({ id }) => id)).toEqual(order.slice(0, 2));
    expect((await cli(['parked', 'show', culprit])).said).toContain('"title": ');

    const retried = await cli(['parked', 'retry', '--type', 'tasks.create_task.v1', '--reason', 'fixed']);
    expect(retried).toMatchObject({ code: 1, said: expect.stringContaining(`stopped: ${culprit} failed again`) });
    expect(retried.complained).toContain('retried 3: 2 succeeded, 1 failed');
    expect(await listed('')).toHaveLength(2);

    const file = join(dataFolder('cli'), 'payload.json');
    const { payload } = JSON.parse((await cli(['parked', 'show', '--json', order[3] as string])).said) as {
      payload: Record<string, unknown>;
    };
    writeFileSync(file, JSON.stringify({ ...payload, title: 'five' }));
    const edited = await cli(['parked', 'edit', order[3] as string, '--payload', `@${file}`, '--reason', 'it is five']);
    expect(edited).toMatchObject({ code: 0, said: expect.stringContaining('new payload') });
    await reaches(order[3] as string, 'succeeded');
    await reaches(culprit, 'dead');
    expect(await cli(['parked', 'discard', culprit, '--reason', 'given up'])).toMatchObject({ code: 0 });
    expect(await cli(['parked', 'list'])).toMatchObject({ code: 0, said: 'nothing is parked\n' });
    expect(await cli(['parked', 'discard', culprit, '--reason', 'again'])).toMatchObject({
      code: 1,
      complained: expect.stringContaining('has ended: its status tells what became of it (409, too_late)'),
    });
    expect(await cli(['parked', 'retry'])).toMatchObject({ code: 2 });
  });

  it('is told from the command line what is wrong with address and token', async () => {
    expect(await cli(['queues'], { CONTEXTFLOW_URL: 'http://127.0.0.1:1' })).toMatchObject({
      code: 1,
      complained: expect.stringContaining('The API does not answer at http://127.0.0.1:1: '),
    });
    expect(await cli(['queues'], { CONTEXTFLOW_TOKEN: 'nonsense' })).toMatchObject({
      code: 1,
      complained: expect.stringContaining('CONTEXTFLOW_TOKEN'),
    });
    expect(await cli(['queues'], { CONTEXTFLOW_TOKEN: accessToken(newId(), ['user']) })).toMatchObject({
      code: 1,
      complained: expect.stringContaining('"admin"'),
    });
  });

  it('pauses, resumes and drains workers, and sees who holds which queue', async () => {
    const other = await lab.worker(delays);
    const workers = async () =>
      (await admin.get('/ops/workers?state=working')).body.items as readonly {
        id: string;
        pid: number;
        slots: string[];
      }[];
    const held = await eventually('both hold partitions', async () => {
      const items = await workers();
      return items.length === 2 && items.every(({ slots }) => slots.some((slot) => slot.includes('.commands.')))
        ? items
        : undefined;
    });
    const { id } = held.find(({ pid }) => pid === other.pid)!;
    expect(await cli(['workers', 'pause', id, '--reason', 'a look'])).toMatchObject({ code: 0 });
    const queues = async () =>
      (await admin.get('/ops/queues?context=tasks')).body.items as readonly Record<string, unknown>[];
    await eventually('the first one holds all', async () => {
      const items = await queues();
      return items.length === 8 && items.every(({ owner, state }) => state === 'consumed' && owner !== id);
    });
    await eventually('it has given up all', async () => {
      const { body } = await admin.get(`/ops/workers/${id}`);
      return body.state === 'paused' && (body.slots as readonly string[]).length === 0;
    });
    const { id: task } = await user.task();
    expect(task).toEqual(expect.any(String));
    expect(await cli(['workers', 'resume', id])).toMatchObject({ code: 0 });
    await eventually('it holds its share', async () => (await queues()).some(({ owner }) => owner === id));
    const drained = await cli(['workers', 'drain', id]);
    expect(drained).toMatchObject({ code: 0, said: expect.stringContaining('it can be stopped') });
    expect((await cli(['workers', 'list'])).said).toMatch(new RegExp(`${id} +drained`));
    expect((await cli(['queues'])).said).toMatch(/^CONTEXT +PARTITION +STATE +BACKLOG/);
    expect((await actions(id)).map(({ action }) => action)).toEqual(['pause', 'resume', 'drain']);
    expect(await admin.post(`/ops/workers/${newId()}/pause`)).toMatchObject({ status: 404 });
  });

  it('sees an event that no policy could handle, has it tried again, and passes it over', async () => {
    const stream = newId();
    const event = {
      id: newId(),
      type: 'task.created.v1',
      streamtype: 'tasks.task',
      subject: stream,
      time: new Date().toISOString(),
      data: {},
    };
    const { id } = await lab.database.one<{ id: string }>(
      `insert into platform.parked_events (policy, event_id, context, stream, type, event, state, attempts, error)
       values ('tasks.gone', $1, 'tasks', $2, $3, $4, 'dead', 3, 'no more') returning id`,
      [event.id, `tasks.task ${stream}`, event.type, Buffer.from(JSON.stringify(event))],
    );
    expect((await cli(['parked-events', 'list', '--policy', 'tasks.gone'])).said).toContain(id);
    expect((await admin.get(`/ops/parked-events/${id}`)).body).toMatchObject({ event, attempts: 3, version: 1 });
    expect(await cli(['parked-events', 'retry', id])).toMatchObject({ code: 0 });
    await eventually('its policy is not there, again', async () => {
      const { body } = await admin.get(`/ops/parked-events/${id}`);
      return body.state === 'dead' && /deploy the one that has/.test(String(body.error));
    });
    expect(await cli(['parked-events', 'discard', id, '--reason', 'the policy is gone', '--seen', '1'])).toMatchObject({
      code: 1,
      complained: expect.stringContaining('look at it again (412, version_conflict)'),
    });
    expect(await cli(['parked-events', 'discard', id, '--reason', 'the policy is gone', '--seen', '2'])).toMatchObject({
      code: 0,
    });
    expect(await cli(['parked-events', 'list'])).toMatchObject({ said: 'no event is parked\n' });
    expect(await admin.post(`/ops/parked-events/${id}/retry`)).toMatchObject({ status: 404 });
    expect((await actions(id)).map(({ action }) => action)).toEqual(['retry', 'discard']);
  });

  it('looks at a message that nobody is known to have sent, and throws it away', async () => {
    const body = Buffer.from([0xff, 0x1b, 0x41]);
    const routingKey = lab.broker.routingKey('tasks', newId());
    await lab.broker.publish([{ routingKey, body, properties: { messageId: 'mine', type: 'what' } }]);
    const [{ id }] = await eventually('it is put aside', async () => {
      const { items } = (await admin.get('/ops/dead-messages')).body as { items: readonly { id: string }[] };
      return items.length === 1 ? (items as [{ id: string }]) : undefined;
    });
    expect((await admin.get(`/ops/dead-messages/${id}`)).body).toMatchObject({
      reason: 'malformed',
      seen: 1,
      size: 3,
      properties: { messageId: 'mine', type: 'what' },
      body_base64: body.toString('base64'),
      body_text: null,
    });
    expect((await cli(['dead-messages', 'list'])).said).toMatch(new RegExp(`${id} .*malformed`));
    expect(await cli(['dead-messages', 'discard', id, '--reason', 'noise'])).toMatchObject({ code: 0 });
    expect(await cli(['dead-messages', 'show', id])).toMatchObject({ code: 1 });
    expect(await cli(['dead-messages', 'list', '--json'])).toMatchObject({ code: 0, said: '[]\n' });
  });

  it('must be an administrator', async () => {
    for (const path of ['parked', 'parked-events', 'dead-messages', 'workers', 'queues', 'actions'])
      expect(await user.get(`/ops/${path}`)).toMatchObject({ status: 403 });
    for (const path of ['parked/retry', `parked/${newId()}/discard`, `workers/${newId()}/pause`])
      expect(await user.post(`/ops/${path}`, {})).toMatchObject({ status: 403 });
  });
});
