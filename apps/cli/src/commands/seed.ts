import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import { SystemCommands } from '#platform/commands/system-commands.js';
import { loadSettings, Settings } from '#platform/config/settings.js';
import type { Database } from '#platform/database/database.js';
import { namesOf } from '#platform/database/migrate.js';
import { migrationState } from '#platform/database/migration-state.js';
import { NotPublished } from '#platform/messaging/command-publisher.js';
import { Privacy } from '#platform/privacy/privacy.js';
import { Sealing } from '#platform/privacy/sealing.js';
import { SubjectKeys } from '#platform/privacy/subject-keys.js';

import { Limit, Unreachable, withDatabase, withPublisher } from '../connections.js';
import { migrations } from '../migrations.js';
import { seedsFor, type Seed } from '../seeds.js';
import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';

export function addSeed(program: Command, terminal: Terminal): void {
  program
    .command('seed')
    .helpGroup('Schema:')
    .description('send the commands that make the built-in rows; workers run them when they are there, once')
    .option('--until-run', 'wait until workers have run them, and tell what was rejected')
    .option('--within <seconds>', 'how long to wait for database, broker and workers', positive, 30)
    .action(async ({ within, untilRun = false }: { within: number; untilRun?: boolean }) => {
      const settings = loadSettings(Settings, terminal.environment);
      const seeds = await seedsFor(settings);
      const sent = await send(settings, new Limit(within), seeds, untilRun);
      const contexts = seeds.map(({ context }) => context).join(', ');
      terminal.say(sent > 0 ? `seeded: ${sent} commands (${contexts})` : 'nothing to seed');
    });
}

/** @returns how many commands were sent */
export async function send(
  settings: Settings,
  limit: Limit,
  chosen: readonly Seed[],
  untilRun: boolean,
): Promise<number> {
  const commands = chosen.flatMap((seed) => seed.commands);
  if (commands.length === 0) return 0;
  return withDatabase(settings, limit, async (database) => {
    const { pending } = await migrationState(database, namesOf(migrations));
    if (pending.length > 0)
      throw new Error(`The schema is behind (${pending.join(', ')} is pending): run "npm run migrate" first.`);
    const contexts = chosen.map(({ context }) => context);
    return withPublisher(settings, database, contexts, limit, async (publisher) => {
      try {
        const sealing = new Sealing(settings.encryptionKeys);
        const privacy = new Privacy(sealing, new SubjectKeys(database, sealing));
        const ids = await new SystemCommands(publisher, privacy).send('seed', commands, limit.signal);
        if (untilRun) await run(database, ids, limit);
        return ids.length;
      } catch (error) {
        if (!(error instanceof NotPublished)) throw error;
        throw new Unreachable(
          `RabbitMQ did not take all commands within ${limit.text} (${error.reason}): look at its alarms and queues, and seed again, which is safe.`,
          { cause: error },
        );
      }
    });
  });
}

const ended = `
  select id, type, problem->>'detail' as detail from platform.commands where id = any($1::uuid[])`;

/**
 * Resolves once all of the commands have succeeded.
 * @throws Unreachable when no worker has run them in time
 */
async function run(database: Database, ids: readonly string[], limit: Limit): Promise<void> {
  for (;;) {
    const ends = await database.query<{ type: string; detail: string | null }>(ended, [ids]);
    const rejected = ends.filter(({ detail }) => detail !== null);
    if (rejected.length > 0)
      throw new Error(rejected.map(({ type, detail }) => `${type} was rejected: ${detail}`).join('\n'));
    if (ends.length === ids.length) return;
    if (limit.signal.aborted)
      throw new Unreachable(
        `The workers ran ${ends.length} of ${ids.length} commands within ${limit.text}: look whether they are up, and seed again, which is safe.`,
      );
    await delay(100);
  }
}
