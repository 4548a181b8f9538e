import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';
import { addList, addShow, apiOf, asking, operations, report, withReason, type Asked } from './operations.js';

const path = '/ops/workers';

interface Acting extends Asked {
  readonly reason?: string;
}

interface Worker {
  readonly id: string;
  readonly state: string;
  readonly slots: readonly string[];
}

export function addWorkers(program: Command, terminal: Terminal): void {
  const workers = operations(program, 'workers', 'look after worker processes');

  addList(workers, terminal, {
    path,
    description: 'list them, the oldest first',
    filters: ['state', 'context', 'sort'],
    columns: [
      ['id', ({ id }) => id],
      ['state', ({ state }) => state],
      ['host', ({ host, pid }) => `${String(host)}:${String(pid)}`],
      ['release', ({ release }) => release],
      ['contexts', ({ contexts }) => contexts],
      ['slots', ({ slots }) => (slots as readonly string[]).length],
      ['handled', ({ handled }) => handled],
      ['per second', ({ throughput }) => throughput],
      ['started', ({ started_at: at }) => at],
    ],
    none: 'no worker is known',
  });
  addShow(workers, terminal, path, 'show one, with all that it holds');

  const ask = (id: string, action: string, options: Acting): Promise<Worker> =>
    apiOf(options, terminal).post<Worker>(`${path}/${encodeURIComponent(id)}/${action}`, { reason: options.reason });

  withReason(asking(workers, 'pause <id>', 'have one give up all that it holds, until it is resumed'), false).action(
    async (id: string, options: Acting) =>
      report(terminal, options, `${id} pauses; the others take over`, await ask(id, 'pause', options)),
  );
  withReason(asking(workers, 'resume <id>', 'have one take its share again'), false).action(
    async (id: string, options: Acting) => report(terminal, options, `${id} goes on`, await ask(id, 'resume', options)),
  );
  withReason(asking(workers, 'drain <id>', 'have one give up all that it holds, and wait until it has'), false)
    .option('--within <seconds>', 'how long to wait', positive, 60)
    .action(async (id: string, options: Acting & { within: number }) => {
      const end = performance.now() + options.within * 1_000;
      let worker = await ask(id, 'drain', options);
      let left = worker.slots.length;
      while (worker.state === 'draining' && performance.now() < end) {
        await delay(250);
        worker = await apiOf(options, terminal).get<Worker>(`${path}/${encodeURIComponent(id)}`);
        if (!options.json && worker.slots.length < left) terminal.complain(`${worker.slots.length} slots are left`);
        left = worker.slots.length;
      }
      if (worker.state === 'draining') {
        terminal.exitCode = 1;
        report(
          terminal,
          options,
          `${id} still holds ${worker.slots.join(', ')}: what runs there has not ended`,
          worker,
        );
      } else report(terminal, options, `${id} holds nothing any more: it can be stopped`, worker);
    });
}
