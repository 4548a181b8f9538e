import type { Command } from 'commander';

import { SystemCommands } from '#platform/commands/system-commands.js';
import { loadSettings, Settings } from '#platform/config/settings.js';
import { namesOf } from '#platform/database/migrate.js';
import { migrationState } from '#platform/database/migration-state.js';
import { NotPublished } from '#platform/messaging/command-publisher.js';

import { Limit, Unreachable, withDatabase, withPublisher } from '../connections.js';
import { migrations } from '../migrations.js';
import { seeds, type Seed } from '../seeds.js';
import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';

export function addSeed(program: Command, terminal: Terminal): void {
  program
    .command('seed')
    .helpGroup('Schema:')
    .description('send the commands that make the built-in rows; workers run them when they are there, once')
    .option('--within <seconds>', 'how long to wait for database and broker', positive, 30)
    .action(async ({ within }: { within: number }) => {
      const settings = loadSettings(Settings, terminal.environment);
      const sent = await send(settings, new Limit(within), seeds);
      const contexts = seeds.map(({ context }) => context).join(', ');
      terminal.say(sent > 0 ? `seeded: ${sent} commands (${contexts})` : 'nothing to seed');
    });
}

/** @returns how many commands were sent */
export async function send(settings: Settings, limit: Limit, chosen: readonly Seed[]): Promise<number> {
  const commands = chosen.flatMap((seed) => seed.commands);
  if (commands.length === 0) return 0;
  return withDatabase(settings, limit, async (database) => {
    const { pending } = await migrationState(database, namesOf(migrations));
    if (pending.length > 0)
      throw new Error(`The schema is behind (${pending.join(', ')} is pending): run "npm run migrate" first.`);
    const contexts = chosen.map(({ context }) => context);
    return withPublisher(settings, database, contexts, limit, async (publisher) => {
      try {
        return (await new SystemCommands(publisher).send('seed', commands, limit.signal)).length;
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
