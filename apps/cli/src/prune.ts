import type { Command } from 'commander';

import { pruneActivity } from '#platform/activity/prune-activity.js';
import { pruneCommands } from '#platform/commands/prune.js';
import { loadSettings, PruneSettings } from '#platform/config/settings.js';

import { Limit, withDatabase } from './connections.js';
import type { Terminal } from './terminal.js';

export function addPrune(program: Command, terminal: Terminal): void {
  program
    .command('prune')
    .helpGroup('Operations:')
    .description(
      'give up what is old: payload and result of commands after PAYLOAD_DAYS, their rows after INBOX_DAYS, rows of the activity after ACTIVITY_DAYS; it may be ended and begun again at any time',
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
      const tell = (progress: string, last: boolean): void => {
        if (json || (performance.now() - told < 1_000 && !last)) return;
        told = performance.now();
        terminal.complain(progress);
      };
      const pruned = await withDatabase(settings, new Limit(10), async (database) => ({
        ...(await pruneCommands(database, settings, {
          dry: dryRun,
          tell: ({ pages, of, emptied, removed }) =>
            tell(`${Math.floor((100 * pages) / of)} %: ${emptied} emptied, ${removed} removed`, pages === of),
        })),
        activity: await pruneActivity(database, settings.activityDays, {
          dry: dryRun,
          tell: (removed) => tell(`${removed} rows of the activity removed`, false),
        }),
      }));
      terminal.say(json ? JSON.stringify({ dry_run: dryRun, ...pruned }) : sentence(dryRun, pruned));
    });
}

interface PrunedHere {
  readonly emptied: number;
  readonly removed: number;
  readonly activity: number;
}

const sentence = (dry: boolean, { emptied, removed, activity }: PrunedHere): string => {
  const rows = activity > 0 ? ` and ${activity} rows of the activity` : '';
  return dry
    ? `would empty ${emptied} commands and remove ${removed}${rows}; nothing was changed`
    : `emptied ${emptied} commands, removed ${removed}${rows}`;
};
