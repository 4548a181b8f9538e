import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import pg from 'pg';

import { compiledMain, projectRoot } from './project.js';

const templates = 'contextflow_test_template';
/** Any number will do, as long as all test files use the same. */
const templateLock = 6_001_318;

/** A migrated database of a test's own. */
export class TestDatabase {
  readonly #pool: pg.Pool;

  private constructor(
    private readonly server: string,
    readonly name: string,
  ) {
    this.#pool = new pg.Pool({ connectionString: this.url, max: 4, application_name: 'contextflow-test' });
    // A server that is stopped on purpose ends idle connections.
    this.#pool.on('error', () => undefined);
  }

  /** Copies a template, which the first to ask migrates; tests of other processes wait meanwhile. */
  static async create(server: string): Promise<TestDatabase> {
    const name = `contextflow_test_${randomBytes(6).toString('hex')}`;
    await withMaintenance(server, async (client) => {
      await client.query('select pg_advisory_lock($1)', [templateLock]);
      await client.query(`create database ${name} template ${await migratedTemplate(server, client)}`);
    });
    return new TestDatabase(server, name);
  }

  get url(): string {
    return named(this.server, this.name);
  }

  async query<R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.#pool.query<R>(text, [...values])).rows;
  }

  /** The only row of the answer. */
  async one<R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<R> {
    const rows = await this.query<R>(text, values);
    if (rows.length !== 1) throw new Error(`one row was expected, ${rows.length} came: ${text}`);
    return rows[0] as R;
  }

  /** A database on another server with the same rows, as after a dump and a restore. */
  async restoredInto(server: string): Promise<TestDatabase> {
    const copy = await TestDatabase.create(server);
    const client = new pg.Client({ connectionString: copy.url, application_name: 'contextflow-test' });
    await client.connect();
    try {
      // Rows come in any order, and are complete already: no trigger and no foreign key looks at them.
      await client.query(`set session_replication_role = replica`);
      for (const { name, columns } of await this.#tables()) {
        const [dump] = await this.query<{ rows: string }>(
          `select coalesce(json_agg(t), '[]')::text as rows from ${name} as t`,
        );
        await client.query(`delete from ${name}`);
        await client.query(
          `insert into ${name} (${columns}) overriding system value
           select ${columns} from json_populate_recordset(null::${name}, $1)`,
          [dump?.rows],
        );
      }
      for (const { name, value } of await this.#sequences()) await client.query('select setval($1, $2)', [name, value]);
    } finally {
      await client.end();
    }
    return copy;
  }

  #tables(): Promise<{ name: string; columns: string }[]> {
    return this.query(
      `select format('%I.%I', n.nspname, c.relname) as name,
         string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
         and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       group by 1`,
    );
  }

  #sequences(): Promise<{ name: string; value: string }[]> {
    return this.query(
      `select format('%I.%I', schemaname, sequencename) as name, last_value::text as value
       from pg_sequences where last_value is not null`,
    );
  }

  /** Closes its connections. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async drop(): Promise<void> {
    await this.close();
    await withMaintenance(this.server, (client) => client.query(`drop database if exists ${this.name} with (force)`));
  }
}

const named = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
};

async function withMaintenance(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server, application_name: 'contextflow-test' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Named after the program that migrated it: another build may have other migrations. */
async function migratedTemplate(server: string, client: pg.Client): Promise<string> {
  const program = createHash('sha256').update(await readFile(compiledMain('cli')));
  const template = `${templates}_${program.digest('hex').slice(0, 16)}`;
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [templates],
  );
  if (rows.some(({ datname }) => datname === template)) return template;
  for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  const unfinished = `${templates}_unfinished`;
  await client.query(`create database ${unfinished}`);
  await migrate(named(server, unfinished));
  await client.query(`alter database ${unfinished} rename to ${template}`);
  return template;
}

async function migrate(url: string): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '', DATABASE_URL: url, RABBITMQ_URL: 'amqp://unused' };
  await promisify(execFile)(process.execPath, [compiledMain('cli'), 'migrate'], { cwd: projectRoot, env });
}
