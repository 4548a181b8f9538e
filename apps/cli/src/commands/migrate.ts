import { Option, type Command } from 'commander';

import { DatabaseSettings, loadSettings } from '#platform/config/settings.js';
import { downTo, lastSteps, migrate, namesOf, revert } from '#platform/database/migrate.js';
import { migrationState } from '#platform/database/migration-state.js';

import { Limit, withDatabase } from '../connections.js';
import { migrations } from '../migrations.js';
import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';

export function addMigrate(program: Command, terminal: Terminal): void {
  const command = program
    .command('migrate')
    .helpGroup('Schema:')
    .description('bring the database schema up to date; safe to run from several places at once')
    .option('--list', 'only show which migrations are applied, pending and unknown to this release')
    .action(({ list }: { list?: true }) => (list ? listed(terminal) : up(terminal)));

  command
    .command('down')
    .description('take the last migrations back, and the data that only they keep')
    .addOption(new Option('--steps <n>', 'so many of them').argParser(positive).default(1).conflicts('to'))
    .addOption(new Option('--to <name>', 'all after this one, which stays'))
    .option('--yes-drop-data', 'needed with NODE_ENV=production')
    .action((options: DownOptions) => down(terminal, options));
}

interface DownOptions {
  readonly steps: number;
  readonly to?: string;
  readonly yesDropData?: true;
}

async function up(terminal: Terminal): Promise<void> {
  const { databaseUrl } = loadSettings(DatabaseSettings, terminal.environment);
  const ran = await migrate(databaseUrl, migrations);
  terminal.say(ran.length > 0 ? `migrated: ${ran.join(', ')}` : 'the schema is up to date');
}

async function down(terminal: Terminal, { steps, to, yesDropData }: DownOptions): Promise<void> {
  const { databaseUrl, nodeEnv } = loadSettings(DatabaseSettings, terminal.environment);
  if (nodeEnv === 'production' && !yesDropData)
    throw new Error(
      'This is production, and a migration that goes back drops what only it keeps: make a backup, then add --yes-drop-data.',
    );
  const reverted = await revert(databaseUrl, migrations, to === undefined ? lastSteps(steps) : downTo(to));
  terminal.say(reverted.length > 0 ? `reverted: ${reverted.join(', ')}` : 'nothing to revert');
}

async function listed(terminal: Terminal): Promise<void> {
  const settings = loadSettings(DatabaseSettings, terminal.environment);
  const state = await withDatabase(settings, new Limit(5), (database) => migrationState(database, namesOf(migrations)));
  for (const name of state.applied) terminal.say(`${state.unknown.includes(name) ? 'unknown' : 'applied'}  ${name}`);
  for (const name of state.pending) terminal.say(`pending  ${name}`);
}
