import type { Command } from 'commander';

import { DatabaseSettings, loadSettings } from '#platform/config/settings.js';
import { checkDatabase, type Finding } from '#platform/database/database-check.js';
import { namesOf } from '#platform/database/migrate.js';

import { Limit, place, Unreachable, withDatabase } from '../connections.js';
import { migrations } from '../migrations.js';
import type { Terminal } from '../terminal.js';

/** As many as an API or a worker may open. */
const poolSize = 10;
/** In seconds. No statement of the platform may take longer than 15. */
const longTransaction = 60;

export function addDb(program: Command, terminal: Terminal): void {
  const db = program.command('db').helpGroup('Schema:').description('look at the database');

  db.command('check')
    .description('find out whether the database is well and fits this release; ends with code 1 on a fault')
    .option('--json', 'answer in JSON')
    .action(async ({ json }: { json?: true }) => {
      const settings = loadSettings(DatabaseSettings, terminal.environment);
      const findings = await look(settings);
      const database = place(settings.databaseUrl);
      const faults = findings.filter(({ level }) => level === 'fault').length;
      terminal.say(
        json ? JSON.stringify({ ok: faults === 0, database, findings }, undefined, 2) : table(database, findings),
      );
      if (faults > 0) terminal.exitCode = 1;
    });
}

async function look(settings: DatabaseSettings): Promise<readonly Finding[]> {
  const { entities } = await import('../read-models.js');
  const options = { entities, migrations: namesOf(migrations), poolSize, longTransaction };
  try {
    return await withDatabase(settings, new Limit(5), (database) => checkDatabase(database, options), entities);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const advice = 'Start the server, or correct DATABASE_URL.';
    return [{ check: 'server', level: 'fault', message: error.message, advice }];
  }
}

function table(database: string, findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, level, message, advice }) => [
    `${level.padEnd(9)}${check.padEnd(14)}${message}`,
    ...(advice ? [`${' '.repeat(23)}${advice}`] : []),
  ]);
  const count = (wanted: Finding['level']): string => {
    const found = findings.filter(({ level }) => level === wanted).length;
    return `${found} ${wanted}${found === 1 ? '' : 's'}`;
  };
  return [database, '', ...lines, '', `${count('fault')}, ${count('warning')}`].join('\n');
}
