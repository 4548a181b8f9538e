import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

import { contextflow } from '../../apps/cli/src/program.js';
import { Terminal } from '../../apps/cli/src/terminal.js';
import { Caller, waiting } from './caller.js';

describe('Read models that follow the log', () => {
  let lab: Lab;
  let user: Caller;
  let admin: Caller;

  const cli = async (...line: readonly string[]) => {
    let [said, complained] = ['', ''];
    const terminal = new Terminal(
      (text) => (said += text),
      (text) => (complained += text),
      {
        CONTEXTFLOW_URL: `http://127.0.0.1:${lab.apis[0]?.port}`,
        CONTEXTFLOW_TOKEN: accessToken(admin.userId, ['admin']),
      },
    );
    return { code: await contextflow(line, terminal), said, complained };
  };
  /** Where a command stands that was waited for. */
  const token = (headers: object): { 'consistency-token': string } => ({
    'consistency-token': (headers as Record<string, string>)['consistency-token'] as string,
  });

  beforeAll(async () => {
    lab = await Lab.with({});
    user = new Caller(lab.apis[0]!, newId());
    admin = new Caller(lab.apis[0]!, newId(), ['admin']);
    await eventually(
      'the worker knows its projections',
      async () => (await lab.database.query('select from platform.projections')).length >= 10,
    );
  });
  afterAll(async () => {
    user?.close();
    admin?.close();
    await lab?.close();
  });

  it('show a person what their command has just done, if they say which', async () => {
    for (let count = 1; count <= 5; count++) {
      const { headers } = await user.post('/tasks', { title: 'Pack the bag', priority: 'high' }, waiting(10));
      const { status, body, headers: told } = await user.get('/tasks/summary', token(headers));
      expect({ status, total: body.total, stale: told.consistency }).toEqual({
        status: 200,
        total: count,
        stale: undefined,
      });
    }
    const { body } = await user.post('/tasks', { title: 'Pack the bag' }, { prefer: 'respond-async' });
    const { position } = await user.settled(body.command_id);
    const after = await user.get('/tasks/summary', { 'consistency-token': String(position) });
    expect(after.body).toMatchObject({ total: 6, by_priority: { high: 5, medium: 1 }, by_status: { pending: 6 } });
    expect(await user.get('/tasks/summary', { 'consistency-token': 'soon' })).toMatchObject({
      status: 400,
      body: { reason: 'consistency_token_invalid' },
    });
  });

  it('show what they have, and say that it is old, if the rest takes too long', async () => {
    const slow = new pg.Client({ connectionString: lab.database.url, application_name: 'contextflow-test' });
    await slow.connect();
    try {
      await slow.query('begin');
      await slow.query(`select from platform.checkpoints where name = 'tasks.task_summary' for update`);
      const { headers } = await user.post('/tasks', { title: 'Pack another bag' }, waiting(10));
      const late = await user.get('/tasks/summary', token(headers));
      expect(late).toMatchObject({ status: 200, body: { total: 6 }, headers: { consistency: 'stale' } });
      await slow.query('rollback');
      const then = await user.get('/tasks/summary', token(headers));
      expect(then).toMatchObject({ status: 200, body: { total: 7 } });
      expect(then.headers).not.toHaveProperty('consistency');
    } finally {
      await slow.end();
    }
  });

  it('tell administrators what happens everywhere, and nothing of what was said', async () => {
    const title = `secret ${newId()}`;
    const { headers, body } = await user.post('/tasks', { title }, waiting(10));
    const feed = `/activity?actor=${user.userId}&type=task.created.v1`;
    const { body: page, text } = await admin.get(`${feed}&limit=2`, token(headers));
    expect(page.items).toMatchObject([
      {
        type: 'task.created.v1',
        context: 'tasks',
        actor: user.userId,
        stream_id: body.id,
        ids: { task_id: body.id, user_id: user.userId },
      },
      { type: 'task.created.v1' },
    ]);
    expect(text).not.toContain(title);
    const { body: rest } = await admin.get(`${feed}&limit=100&cursor=${String(page.next_cursor)}`);
    expect((rest.items as object[]).length).toBe(6);
    expect((await admin.get(`${feed}&to=2020-01-01T00:00:00Z`)).body.items).toEqual([]);
    expect(await user.get('/activity')).toMatchObject({ status: 403 });
  });

  it('can be listed, and be made anew while they are read and written', async () => {
    await lab.database.query(`update tasks.task_summary set priority = 'urgent' where user_id = $1`, [user.userId]);
    await lab.database.query(`update tasks.task_list set title = 'wrong'`);
    const load = lab.load({ concurrency: 4, perSecond: 60 });
    for (const name of ['tasks.task_list', 'tasks.task_summary', 'platform.activity', 'auth.accounts']) {
      const { code, said, complained } = await cli('projections', 'rebuild', name, '--reason', 'it is wrong');
      expect({ code, said, complained }).toMatchObject({ code: 0, said: `${name} has been made anew\n` });
    }
    await load.stop();
    expect((await user.get('/tasks/summary')).body).toMatchObject({ total: 8, by_priority: { urgent: 0 } });
    const listed = await cli('projections', 'list');
    expect(listed.said).toMatch(/^tasks\.task_summary +asynchronous +1 +running/m);
    expect(listed.said).toMatch(/^tasks\.task_list +inline +1 +running/m);
    expect((await cli('projections', 'resume', 'tasks.task_list')).complained).toContain('nothing to resume');
    expect((await cli('projections', 'rebuild', 'tasks.nothing')).complained).toContain('there is no projection');
    expect((await admin.get('/ops/actions?subject=projection')).body.items).toHaveLength(4);
    const smuggled = (
      await lab.database.query<{ id: string }>(`select id from platform.commands where author = $1`, [user.userId])
    ).map(({ id }) => id);
    await lab.check({ smuggled });
  });
});
