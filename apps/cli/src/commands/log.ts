import type { Command } from 'commander';

import { DatabaseSettings, loadSettings } from '#platform/config/settings.js';
import { beginEra } from '#platform/event-log/era.js';

import { Limit, withDatabase } from '../connections.js';
import type { Terminal } from '../terminal.js';

export function addLog(program: Command, terminal: Terminal): void {
  const log = program.command('log').helpGroup('Events:').description('look after the log of events');

  log
    .command('new-era')
    .description('after a restore into another Postgres cluster: let new events sort behind the old ones')
    .action(async () => {
      const settings = loadSettings(DatabaseSettings, terminal.environment);
      const era = await withDatabase(settings, new Limit(10), (database) => beginEra(database));
      terminal.say(`the log is in era ${era}: readers go on behind what was restored`);
    });
}
