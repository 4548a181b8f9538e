import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { describe, expect, it } from '@jest/globals';

import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { everyEventTold } from '#testing/invariants/every-event-told.js';
import { Lab } from '#testing/lab.js';
import { projectRoot } from '#testing/project.js';
import { firstTold, type ToldEvent } from '#testing/told-events.js';

interface Told extends ToldEvent {
  readonly specversion: string;
  readonly type: string;
}

/** A program of somebody else, as a process of its own. */
class Subscriber {
  readonly told: Told[] = [];
  readonly #process;

  private constructor(url: string, exchange: string, queue: string) {
    const program = join(projectRoot, 'test/journeys/event-subscriber.mjs');
    this.#process = spawn(process.execPath, [program, url, exchange, queue], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
  }

  static async bind(lab: Lab): Promise<Subscriber> {
    const { url, topology, prefix } = lab.broker;
    const subscriber = new Subscriber(url, topology.events, `${prefix}.somebody`);
    const lines = createInterface({ input: subscriber.#process.stdout });
    await once(lines, 'line');
    lines.on('line', (line) => subscriber.told.push(JSON.parse(line) as Told));
    return subscriber;
  }

  async end(): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGTERM');
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
  }
}

/** The worker that says of itself that it relays. */
const relaying = (lab: Lab): Promise<AppProcess> =>
  eventually(
    'a worker relays',
    async () => {
      const rows = await lab.database.query<{ pid: number }>(
        `select pid from platform.workers where 'relay' = any(slots) and seen_at > now() - interval '4 seconds'`,
      );
      return lab.workers.find(({ pid }) => rows.some((row) => row.pid === pid));
    },
    { every: 20 },
  );

describe('Somebody who is bound to the exchange of events', () => {
  it('gets every event of a thousand commands, in order for each task, though the relay’s worker is killed twice', async () => {
    const lab = await Lab.with({ workers: 0 });
    const subscriber = await Subscriber.bind(lab);
    try {
      const workers = await Promise.all([lab.worker(), lab.worker()]);
      const supervision = lab.supervise(workers, {});
      const load = lab.load({ tasks: 334, concurrency: 16, perSecond: 250 });
      for (const accepted of [250, 650]) {
        await load.reaches(accepted);
        await (await relaying(lab)).crash();
      }
      await load.finished;
      await lab.quiesce();
      supervision.stop();
      expect(supervision.deaths).toBe(2);

      const { events } = await lab.database.one<{ events: number }>(
        'select count(*)::int as events from platform.events',
      );
      expect(events).toBe(1_002);
      expect(await everyEventTold({ database: lab.database, told: () => subscriber.told })).toEqual([]);
      const types = firstTold(subscriber.told).map(({ type }) => type);
      for (const type of ['task.created.v1', 'task.started.v1', 'task.completed.v1'])
        expect(types.filter((name) => name === type)).toHaveLength(334);
      expect(new Set(subscriber.told.map(({ specversion }) => specversion))).toEqual(new Set(['1.0']));
      await lab.check();
    } finally {
      await subscriber.end();
      await lab.close();
    }
  });
});
