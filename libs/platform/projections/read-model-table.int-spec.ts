import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { fold, projection, type ReadModelRow } from '#kernel';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { ReadModelTable } from './read-model-table.js';

@Entity({ schema: 'public', name: 'drawers' })
class DrawerRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text', { nullable: true }) label!: string | null;
  @Column('text', { array: true }) things!: string[];
  @Column('jsonb', { nullable: true }) content!: unknown;
  @Column('numeric', { nullable: true }) value!: string | null;
  @Column('boolean') open!: boolean;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
}

const drawers = projection('public.drawers', DrawerRow, { inline: true, fold: fold<Omit<DrawerRow, 'version'>>() });
const table = (name: string): string => `
  create table ${name} (id uuid primary key, version int not null, label text unique, things text[] not null, content jsonb,
    value numeric, open boolean not null, closed_at timestamptz)`;
const drawer = (label: string | null, rest: Partial<DrawerRow> = {}): DrawerRow => ({
  id: randomUUID(),
  version: 1,
  label,
  things: [],
  content: null,
  value: null,
  open: false,
  closedAt: null,
  ...rest,
});
const awkward = [
  '',
  ' ',
  '\\',
  '\\N',
  '\\.',
  'a\tb',
  'a\nb\r\n',
  '"',
  "it's",
  '{}',
  '{"a"}',
  ',',
  'null',
  '\u{1f476}',
  '\\t',
];
const byId = (rows: readonly DrawerRow[]) => new Map(rows.map((row) => [row.id, row]));

let world: ConnectedDatabase;
let database: Database;

beforeAll(async () => {
  world = await ConnectedDatabase.create([DrawerRow]);
  await world.rows.query(table('drawers'));
  await world.rows.query(table('drawers__next'));
  database = await world.connect();
});
afterAll(() => world.remove());

const stored = (of: string): Promise<Record<string, unknown>[]> => world.rows.query(`select * from ${of} order by id`);

describe('Rows that replace others', () => {
  it('are stored as those that are written one by one, whatever they hold', async () => {
    const rows = byId([
      ...awkward.map((label) => drawer(label)),
      drawer(null, { things: awkward }),
      drawer('things', { things: ['one'], open: true, value: '12.50', closedAt: new Date('2026-03-01T10:00:00.123Z') }),
      ...[{ a: awkward }, awkward, 'text', 5, false, null].map((content) => drawer(null, { content })),
    ]);
    const beside = new ReadModelTable(database, drawers, 'drawers__next');
    await database.transaction((transaction) => new ReadModelTable(database, drawers).write(transaction, rows));
    await database.transaction((transaction) => beside.replace(transaction, new Map(), rows));
    expect(await stored('drawers__next')).toEqual(await stored('drawers'));
    expect(await stored('drawers__next')).toHaveLength(rows.size);
  });

  it('may take what another one gives up in the same moment, and go when there is nothing to show', async () => {
    const beside = new ReadModelTable(database, drawers, 'drawers__next');
    const [one, other, last] = [drawer('one'), drawer('other'), drawer('last')];
    const before = byId([one, other, last]);
    await world.rows.query('delete from drawers__next');
    await database.transaction((transaction) => beside.replace(transaction, new Map(), before));
    const after = new Map([
      [one.id, { ...one, label: 'other' }],
      [other.id, { ...other, label: 'one' }],
      [last.id, null],
    ]);
    await database.transaction((transaction) => beside.replace(transaction, before, after));
    expect(new Map((await stored('drawers__next')).map(({ id, label }) => [id, label]))).toEqual(
      new Map([
        [one.id, 'other'],
        [other.id, 'one'],
      ]),
    );
  });

  it('that another row stands in the way of are refused, and the connection can be used again', async () => {
    const beside = new ReadModelTable(database, drawers, 'drawers__next');
    await world.rows.query('delete from drawers__next');
    const write = (row: DrawerRow): Promise<void> =>
      database.transaction((transaction) => beside.replace(transaction, new Map(), byId([row])));
    await write(drawer('same'));
    await expect(write(drawer('same'))).rejects.toMatchObject({ code: '23505' });
    for (let n = 0; n < 5; n++) await write(drawer(`another ${n}`));
    expect(await stored('drawers__next')).toHaveLength(6);
  });
});
