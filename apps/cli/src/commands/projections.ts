import { setTimeout as delay } from 'node:timers/promises';

import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';

import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';
import { addList, addShow, apiOf, asking, operations, report, withReason, type Asked } from './operations.js';

const path = '/ops/projections';

interface Acting extends Asked {
  readonly reason?: string;
}

interface Projection {
  readonly name: string;
  readonly state: string;
  readonly error: string | null;
  readonly rebuild: string | null;
  readonly events_done: number;
  readonly events_total: number;
  readonly rate: number;
  readonly seconds_left: number | null;
}

const progressOf = ({ rebuild, events_done: done, events_total: total }: Projection): string | null =>
  rebuild && `${rebuild} ${total > 0 ? Math.floor((100 * done) / total) : 0} %`;

export function addProjections(program: Command, terminal: Terminal): void {
  const projections = operations(program, 'projections', 'look after read models');

  addList(projections, terminal, {
    path,
    description: 'list them by name',
    filters: ['state', 'context', 'sort'],
    columns: [
      ['name', ({ name }) => name],
      ['kind', ({ inline }) => (inline ? 'inline' : 'asynchronous')],
      ['version', ({ version }) => version],
      ['state', ({ state }) => state],
      ['lag', ({ lag }) => (typeof lag === 'number' ? `${lag.toFixed(1)} s` : null)],
      ['rebuild', (view) => progressOf(view as unknown as Projection)],
      ['made anew', ({ rebuilt_at: at }) => at],
      ['error', ({ error }) => error],
    ],
    none: 'no projection is known: no worker has run yet',
  });
  addShow(projections, terminal, path, 'show one in full, by its name');

  const ask = (name: string, action: string, options: Acting): Promise<Projection> =>
    apiOf(options, terminal).post<Projection>(`${path}/${encodeURIComponent(name)}/${action}`, {
      reason: options.reason,
    });

  withReason(asking(projections, 'resume <name>', 'have one that has stopped go on'), false).action(
    async (name: string, options: Acting) =>
      report(terminal, options, `${name} tries again within about a second`, await ask(name, 'resume', options)),
  );
  withReason(asking(projections, 'rebuild <name>', 'make its rows anew from the log, and wait for it'), false)
    .option('--no-wait', 'only ask for it')
    .option('--within <seconds>', 'how long to wait', positive, 86_400)
    .action(async (name: string, options: Acting & { wait: boolean; within: number }) => {
      let projection = await ask(name, 'rebuild', options);
      if (!options.wait) {
        report(terminal, options, `${name} is made anew, as soon as a worker of its context looks`, projection);
        return;
      }
      const progress = options.json ? undefined : progressOn(terminal);
      const end = performance.now() + options.within * 1_000;
      while (projection.state === 'rebuilding' && performance.now() < end) {
        await delay(200);
        projection = await apiOf(options, terminal).get<Projection>(`${path}/${encodeURIComponent(name)}`);
        progress?.show(projection);
      }
      progress?.stop();
      if (projection.rebuild === null) report(terminal, options, `${name} has been made anew`, projection);
      else {
        terminal.exitCode = 1;
        const why =
          projection.rebuild === 'failed'
            ? `could not be made anew: ${projection.error}`
            : 'is still being made anew; "projections show" tells how far it is';
        report(terminal, options, `${name} ${why}`, projection);
      }
    });
}

interface Progress {
  show(projection: Projection): void;
  stop(): void;
}

/** A bar on a terminal; anywhere else a line at every quarter. */
function progressOn(terminal: Terminal): Progress {
  if (!process.stderr.isTTY) return linesOn(terminal);
  const format = '{step} {bar} {percentage} % · {value}/{total} events · {rate}/s · {left}';
  const bar = new SingleBar({ format, barsize: 30, hideCursor: true, stream: process.stderr }, Presets.shades_classic);
  let begun = false;
  return {
    show: (projection) => {
      const { events_done: done, events_total: total, rate, seconds_left: left, rebuild } = projection;
      const payload = { step: rebuild ?? 'done', rate, left: left === null ? '' : `${left} s left` };
      if (!begun) bar.start(total, done, payload);
      begun = true;
      bar.setTotal(Math.max(total, done));
      bar.update(rebuild ? done : Math.max(total, done), payload);
    },
    stop: () => bar.stop(),
  };
}

function linesOn(terminal: Terminal): Progress {
  let told = '';
  return {
    show: ({ rebuild, events_done: done, events_total: total, rate, seconds_left: left }) => {
      const quarter = total > 0 ? Math.floor((4 * done) / total) : 0;
      if (!rebuild || told === `${rebuild} ${quarter}`) return;
      told = `${rebuild} ${quarter}`;
      terminal.complain(`${rebuild} ${done}/${total} events, ${rate}/s${left === null ? '' : `, ${left} s left`}`);
    },
    stop: () => undefined,
  };
}
