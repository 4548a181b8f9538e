import type { Command } from 'commander';

import { pruneCommands } from '#platform/commands/prune.js';
import { loadSettings, PruneSettings } from '#platform/config/settings.js';

import { Limit, withDatabase } from './connections.js';
import type { Terminal } from './terminal.js';

export function addPrune(program: Command, terminal: Terminal): void {
  program
    .command('prune')
    .helpGroup('Operations:')
    .description(
      'give up what is old: payload and result of commands after PAYLOAD_DAYS, their rows after INBOX_DAYS; it may be ended and begun again at any time',
    )
    .option('--dry-run', 'only count what would go')
    .option('--json', 'answer in JSON, without progress')
    .action(async ({ dryRun = false, json }: { dryRun?: boolean; json?: true }) => {
      const settings = loadSettings(PruneSettings, terminal.environment);
      const { payloadDays, inboxDays } = settings;
      if (payloadDays > inboxDays)
        throw new Error(
          `PAYLOAD_DAYS (${payloadDays}) is more than INBOX_DAYS (${inboxDays}): rows go after ${inboxDays} days.`,
        );
      let told = performance.now();
      const pruned = await withDatabase(settings, new Limit(10), (database) =>
        pruneCommands(database, settings, {
          dry: dryRun,
          tell: ({ pages, of, emptied, removed }) => {
            if (json || (performance.now() - told < 1_000 && pages < of)) return;
            told = performance.now();
            terminal.complain(`${Math.floor((100 * pages) / of)} %: ${emptied} emptied, ${removed} removed`);
          },
        }),
      );
      terminal.say(json ? JSON.stringify({ dry_run: dryRun, ...pruned }) : sentence(dryRun, pruned));
    });
}

const sentence = (dry: boolean, { emptied, removed }: { emptied: number; removed: number }): string =>
  dry
    ? `would empty ${emptied} commands and remove ${removed}; nothing was changed`
    : `emptied ${emptied} commands, removed ${removed}`;
