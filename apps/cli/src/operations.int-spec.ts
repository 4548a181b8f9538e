import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Lab } from '#testing/lab.js';

import { contextflow } from './program.js';
import { Terminal } from './terminal.js';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.with({ apis: 1, workers: 1 });
});
afterAll(() => lab?.close());

async function run(line: string, environment: NodeJS.ProcessEnv = {}) {
  let [said, complained] = ['', ''];
  const terminal = new Terminal(
    (text) => (said += text),
    (text) => (complained += text),
    {
      DATABASE_URL: lab.database.url,
      RABBITMQ_URL: lab.broker.url,
      TOPOLOGY_PREFIX: lab.broker.prefix,
      ...environment,
    },
  );
  const code = await contextflow(line.split(' '), terminal);
  return { code, said, complained };
}

describe('The topology on the command line', () => {
  it('is checked, and ends with code 0 when it is well', async () => {
    const { code, said } = await run('topology check');
    expect(said).toContain('0 faults, 0 warnings.');
    expect(said).toContain('tasks.commands.8.7: 0 waiting, 1 consumers');
    expect(code).toBe(0);
  });

  it('says what is wrong, for programs too, and ends with code 1', async () => {
    await lab.database.query(`update platform.contexts set partitions_before = 4 where name = 'tasks'`);
    try {
      const { code, said } = await run('topology check --json');
      expect(code).toBe(1);
      expect(JSON.parse(said)).toMatchObject({
        ok: false,
        findings: expect.arrayContaining([
          {
            what: 'tasks',
            level: 'fault',
            message: '4 former partitions have not been removed',
            advice: 'Run "topology repartition tasks --partitions 8" again: it goes on where it was.',
          },
        ]),
      });
    } finally {
      await lab.database.query(`update platform.contexts set partitions_before = null where name = 'tasks'`);
    }
  });

  it.each([
    ['topology repartition tasks', 'Say how many: --partitions <n>.'],
    ['topology repartition tasks --partitions 1025', 'A context has at most 1024 partitions.'],
    ['topology repartition cellar --partitions 4', 'there is no context "cellar"'],
  ])('is not changed by "%s"', async (line, sentence) => {
    expect(await run(line)).toMatchObject({ code: 1, complained: expect.stringContaining(sentence) });
  });

  it('is left alone when it is as it is wanted', async () => {
    expect(await run('topology repartition tasks --partitions 8')).toEqual({
      code: 0,
      said: 'tasks has 8 partitions already\n',
      complained: '',
    });
    expect(await run('topology repartition tasks --cancel')).toMatchObject({
      code: 0,
      said: 'no change of tasks was under way\n',
    });
  });

  it('cannot be looked at without the broker', async () => {
    expect(await run('topology check', { RABBITMQ_URL: 'amqp://127.0.0.1:1' })).toMatchObject({
      code: 1,
      complained: expect.stringContaining(
        'RabbitMQ cannot be reached: connect ECONNREFUSED 127.0.0.1:1. Check RABBITMQ_URL',
      ),
    });
  });
});

describe('Pruning on the command line', () => {
  it('counts first, then does it, and says how far it is', async () => {
    const owner = lab.client(newId());
    const { command_id: id } = await owner.command('/tasks', { title: 'Long ago' });
    await owner.outcome(id);
    await lab.database.query(
      `update platform.commands set settled_at = settled_at - interval '40 days' where id = $1`,
      [id],
    );
    expect(await run('prune --dry-run')).toMatchObject({
      code: 0,
      said: 'would empty 1 commands and remove 0; nothing was changed\n',
    });
    expect(await run('prune')).toEqual({
      code: 0,
      said: 'emptied 1 commands, removed 0\n',
      complained: '100 %: 1 emptied, 0 removed\n',
    });
    const status = (await owner.status(id)) as unknown as Record<string, unknown>;
    expect(status).toMatchObject({ status: 'succeeded' });
    expect(status).not.toHaveProperty('result');
    expect(await run('prune --json')).toMatchObject({
      said: '{"dry_run":false,"emptied":0,"removed":0,"activity":0}\n',
    });
  });

  it('gives up what the activity tells of long ago', async () => {
    await lab.database.query(
      `insert into platform.activity (id, version, type, context, stream_type, stream_id, stream_version, actor, ids, occurred_at)
       select gen_random_uuid(), 1, 't.d.v1', 'c', 'c.t', gen_random_uuid(), 1, 'a', '{}', now() - interval '40 days'
       from generate_series(1, 3)`,
    );
    expect(await run('prune')).toMatchObject({ code: 0, said: 'emptied 0 commands, removed 0\n' });
    expect(await run('prune --dry-run', { ACTIVITY_DAYS: '39' })).toMatchObject({
      said: 'would empty 0 commands and remove 0 and 3 rows of the activity; nothing was changed\n',
    });
    expect(await run('prune', { ACTIVITY_DAYS: '39' })).toMatchObject({
      code: 0,
      said: 'emptied 0 commands, removed 0 and 3 rows of the activity\n',
    });
  });

  it('refuses to keep payloads for longer than rows', async () => {
    expect(await run('prune', { PAYLOAD_DAYS: '91' })).toMatchObject({
      code: 1,
      complained: expect.stringContaining('PAYLOAD_DAYS (91) is more than INBOX_DAYS (90)'),
    });
  });
});
