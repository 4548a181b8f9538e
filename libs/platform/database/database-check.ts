import type { Database } from './database.js';
import { migrationState } from './migration-state.js';
import { compareSchema } from './schema-check.js';

/** What a look at the database found. */
export interface Finding {
  readonly check: 'server' | 'settings' | 'migrations' | 'schema' | 'indexes' | 'transactions' | 'connections' | 'age';
  /** `fault`: the platform does not work on it. `warning`: it does, at a risk. */
  readonly level: 'ok' | 'warning' | 'fault';
  readonly message: string;
  /** What to do; there unless all is well. */
  readonly advice?: string;
}

export interface CheckOptions {
  readonly entities: readonly (abstract new () => object)[];
  /** Names of this release's migrations, in order. */
  readonly migrations: readonly string[];
  /** How many connections a process of the platform opens at most. */
  readonly poolSize: number;
  /** From how many seconds on a transaction is a long one. */
  readonly longTransaction: number;
}

const oldestServer = 13;
/** Half of what a table's transaction ids last for. */
const agedTransactions = 1_000_000_000;
/** An API and two workers, as `npm start` runs them. */
const fewestProcesses = 3;

/** Looks at a database without changing it, and says of each thing whether it is well and what to do if not. */
export async function checkDatabase(database: Database, options: CheckOptions): Promise<Finding[]> {
  const findings = [
    await server(database),
    await settings(database),
    await migrationFindings(database, options.migrations),
    await schema(database, options.entities),
    await indexes(database),
    await transactions(database, options.longTransaction),
    await connections(database, options.poolSize),
    await age(database),
  ];
  return findings.flat();
}

const ok = (check: Finding['check'], message: string): Finding => ({ check, level: 'ok', message });

async function server(database: Database): Promise<Finding[]> {
  const check = 'server';
  const [row] = await database.query<{ version: string; major: number; standby: boolean; encoding: string }>(`
    select current_setting('server_version') as version, current_setting('server_version_num')::int / 10000 as major,
      pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as standby,
      current_setting('server_encoding') as encoding`);
  if (!row) return [];
  const findings: Finding[] = [];
  if (row.major < oldestServer)
    findings.push({
      check,
      level: 'fault',
      message: `Postgres ${row.version} is older than ${oldestServer}`,
      advice: `Upgrade the server: the platform uses what came with ${oldestServer}.`,
    });
  if (row.standby)
    findings.push({
      check,
      level: 'fault',
      message: 'this database is read only',
      advice: 'Let DATABASE_URL name the primary (and set default_transaction_read_only = off).',
    });
  if (row.encoding !== 'UTF8')
    findings.push({
      check,
      level: 'fault',
      message: `the database is encoded in ${row.encoding}`,
      advice: "Create it anew with encoding 'UTF8': texts of clients may hold any character.",
    });
  return findings.length > 0 ? findings : [ok(check, `Postgres ${row.version} answers`)];
}

/** Each of these lets the server forget what it has confirmed, or tear what it has written. */
const durability: Readonly<Record<string, string>> = {
  fsync: 'a crash of the machine may destroy the database',
  full_page_writes: 'a crash of the machine may leave torn pages',
  synchronous_commit: 'a crash of the server may lose what was acknowledged, so accepted commands may be lost',
};

async function settings(database: Database): Promise<Finding[]> {
  const check = 'settings';
  const off = await database.query<{ name: string }>(
    `select name from pg_settings where name = any($1) and setting = 'off' order by name`,
    [Object.keys(durability)],
  );
  if (off.length === 0) return [ok(check, `${Object.keys(durability).join(', ')} are on`)];
  return off.map(({ name }) => ({
    check,
    level: 'warning',
    message: `${name} is off: ${durability[name]}`,
    advice: `Set ${name} = on (alter system set ${name} = on; select pg_reload_conf();), except for tests.`,
  }));
}

async function migrationFindings(database: Database, known: readonly string[]): Promise<Finding[]> {
  const check = 'migrations';
  const { applied, pending, unknown } = await migrationState(database, known);
  const findings: Finding[] = [];
  if (pending.length > 0)
    findings.push({
      check,
      level: 'fault',
      message: `${pending.length} pending: ${pending.join(', ')}`,
      advice: 'Run "npm run migrate" before processes of this release start.',
    });
  if (unknown.length > 0)
    findings.push({
      check,
      level: 'warning',
      message: `${unknown.length} unknown to this release: ${unknown.join(', ')}`,
      advice:
        'A newer release has migrated: run its processes, or let that release take them back with "npm run migration:down".',
    });
  return findings.length > 0 ? findings : [ok(check, `${applied.length} applied, none pending`)];
}

async function schema(database: Database, entities: CheckOptions['entities']): Promise<Finding[]> {
  const check = 'schema';
  const differences = await compareSchema(database, entities);
  if (differences.length === 0) return [ok(check, `${entities.length} read models have the tables that they need`)];
  return differences.map(({ place, kind, what }) => ({
    check,
    level: kind === 'fault' ? 'fault' : 'warning',
    message: `${place}: ${what}`,
    advice:
      kind === 'fault'
        ? 'Run "npm run migrate". If nothing is pending, somebody changed the table by hand: undo that, or write a migration.'
        : 'Fine while two releases run side by side; otherwise a migration was forgotten: write it.',
  }));
}

async function indexes(database: Database): Promise<Finding[]> {
  const check = 'indexes';
  const invalid = await database.query<{ name: string; building: boolean }>(`
    select i.indexrelid::regclass::text as name,
      exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as building
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where not (i.indisvalid and i.indisready) and n.nspname not in ('pg_catalog', 'pg_toast') order by 1`);
  if (invalid.length === 0) return [ok(check, 'all are valid')];
  return invalid.map(({ name, building }) =>
    building
      ? { check, level: 'warning', message: `${name} is being built`, advice: 'Wait, and look again.' }
      : {
          check,
          level: 'fault',
          message: `${name} is invalid: it costs writes, and no query uses it`,
          advice: `Run "reindex index concurrently ${name}", or drop it and create it again.`,
        },
  );
}

async function transactions(database: Database, longTransaction: number): Promise<Finding[]> {
  const check = 'transactions';
  const rows = await database.query<{ pid: number; name: string; state: string; seconds: number }>(
    `select pid, coalesce(nullif(application_name, ''), 'unnamed') as name, coalesce(state, 'unknown') as state,
       floor(extract(epoch from now() - xact_start))::int as seconds
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - make_interval(secs => $1)
     order by xact_start`,
    [longTransaction],
  );
  const prepared = await database.query<{ gid: string }>(
    'select gid from pg_prepared_xacts where database = current_database() and prepared < now() - make_interval(secs => $1)',
    [longTransaction],
  );
  if (rows.length + prepared.length === 0) return [ok(check, `none is older than ${longTransaction} s`)];
  return [
    ...rows.map(({ pid, name, state, seconds }): Finding => ({
      check,
      level: 'warning',
      message: `process ${pid} (${name}, ${state}) has had one open for ${seconds} s: it holds locks and keeps dead rows`,
      advice: `Find out who it is; "select pg_terminate_backend(${pid})" ends it.`,
    })),
    ...prepared.map(({ gid }): Finding => ({
      check,
      level: 'warning',
      message: `the prepared transaction ${gid} waits for its second half`,
      advice: `Run "rollback prepared '${gid}'" unless somebody still wants to commit it.`,
    })),
  ];
}

async function connections(database: Database, poolSize: number): Promise<Finding[]> {
  const check = 'connections';
  const [row] = await database.query<{ limit: number; used: number; processes: number }>(`
    select least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true)::int, 0),
        (select nullif(datconnlimit, -1) from pg_database where datname = current_database()),
        (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user)
      ) as limit,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
      (select count(distinct application_name)::int from pg_stat_activity
       where datname = current_database() and application_name ~ '^contextflow-(api|worker) ') as processes`);
  if (!row) return [];
  const processes = Math.max(row.processes, fewestProcesses);
  const needed = processes * poolSize;
  const figures = `${row.used} of ${row.limit} are used; ${processes} processes may open ${needed}`;
  if (needed <= row.limit) return [ok(check, figures)];
  return [
    {
      check,
      level: 'warning',
      message: figures,
      advice: `Raise max_connections (or the limit of the database or role) to at least ${needed + 10}, or run fewer processes.`,
    },
  ];
}

async function age(database: Database): Promise<Finding[]> {
  const check = 'age';
  const [row] = await database.query<{ age: number }>(
    'select age(datfrozenxid) as age from pg_database where datname = current_database()',
  );
  const transactionsAgo = row?.age ?? 0;
  const message = `the oldest row is ${(transactionsAgo / 1_000_000).toFixed(0)} million transactions old, of 2,147`;
  if (transactionsAgo < agedTransactions) return [ok(check, message)];
  return [
    {
      check,
      level: 'warning',
      message: `${message}: near the end the server stops taking writes`,
      advice:
        'Run "vacuum (freeze)" on this database, and end whatever keeps autovacuum from it (long transactions, old replication slots).',
    },
  ];
}
