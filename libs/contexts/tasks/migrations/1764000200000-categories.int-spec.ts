import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';

import { sharedServers } from '#testing/servers.js';

import { TaskList1764000100000 } from './1764000100000-task-list.js';
import { Categories1764000200000 } from './1764000200000-categories.js';

const name = `contextflow_categories_${randomBytes(6).toString('hex')}`;
let server: DataSource;
let source: DataSource;

const opened = (url: string): Promise<DataSource> => new DataSource({ type: 'postgres', url }).initialize();

beforeAll(async () => {
  server = await opened(sharedServers().databaseUrl);
  await server.query(`create database ${name}`);
  const url = new URL(sharedServers().databaseUrl);
  url.pathname = `/${name}`;
  source = await opened(url.toString());
});
afterAll(async () => {
  await source.destroy();
  await server.query(`drop database ${name} with (force)`);
  await server.destroy();
});

const columns = () =>
  source.query<{ table_name: string; column_name: string }[]>(`
    select table_name, column_name, is_nullable from information_schema.columns where table_schema = 'tasks'
    order by 1, 2`);

describe('Bringing categories to tasks that are there', () => {
  it('ranks their priorities, and can be taken back', async () => {
    const db = source.createQueryRunner();
    await new TaskList1764000100000().up(db);
    await db.query(`
      insert into tasks.task_list (id, version, user_id, title, description, status, priority, created_at, updated_at)
      select gen_random_uuid(), 1, gen_random_uuid(), '', '', 'pending', priority, now(), now()
      from unnest(array['urgent', 'low', 'high', 'medium']) as priority`);
    const before = await columns();

    await new Categories1764000200000().up(db);
    expect(await db.query('select priority, priority_rank, category_id from tasks.task_list order by 2')).toEqual([
      { priority: 'low', priority_rank: 1, category_id: null },
      { priority: 'medium', priority_rank: 2, category_id: null },
      { priority: 'high', priority_rank: 3, category_id: null },
      { priority: 'urgent', priority_rank: 4, category_id: null },
    ]);

    await new Categories1764000200000().down(db);
    expect(await columns()).toEqual(before);
    expect(await db.query('select count(*)::int from tasks.task_list')).toEqual([{ count: 4 }]);
  });
});
