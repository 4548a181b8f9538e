import type { Command } from 'commander';

import { table } from '../table.js';
import type { Terminal } from '../terminal.js';
import { apiOf, asking, type Asked, type View } from './operations.js';

export function addQueues(program: Command, terminal: Terminal): void {
  asking(program, 'queues', 'list the partitions of all contexts: backlog, oldest command, owner (asks the API)')
    .helpGroup('Operations:')
    .option('--context <context>', 'only those of this context')
    .option('--state <state>', 'only those in this state: consumed, unowned or missing')
    .action(async (options: Asked & { context?: string; state?: string }) => {
      const { context, state } = options;
      const { items } = await apiOf(options, terminal).get<{ items: View[] }>('/ops/queues', { context, state });
      if (options.json) return terminal.say(JSON.stringify(items, undefined, 2));
      if (items.length === 0) return terminal.say('no queue matches');
      const columns = ['context', 'partition', 'state', 'backlog', 'parked', 'oldest', 'owner'];
      terminal.say(
        table(
          items,
          columns.map((name) => [name, (row: View) => row[name]] as const),
        ),
      );
    });
}
