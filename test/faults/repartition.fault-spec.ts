import { spawn } from 'node:child_process';

import { afterEach, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { describeInFull, profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { compiledMain, projectRoot } from '#testing/project.js';

/** Where the operator's command is killed before it is called again. */
const steps = profiled({
  short: ['unbound', 'stored'],
  full: ['begun', 'unbound', 'drained', 'stored', 'bound'],
});

describeInFull('F34: When the number of partitions is changed under load', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  it('nothing is lost and lanes keep their order, wherever the command that does it is killed', async () => {
    lab = await Lab.with({ apis: 1, workers: 1 });
    await Promise.all([lab.api(), lab.worker()]);
    const load = lab.load({ concurrency: 24, perSecond: 150 });
    await load.reaches(200);

    for (const step of steps) {
      const { signal } = await repartition(lab, 4, { FAILPOINTS: `repartition.${step}=kill` });
      expect(signal).toBe('SIGKILL');
    }
    expect(await repartition(lab, 4)).toMatchObject({ code: 0, said: 'tasks has 4 partitions now\n' });
    expect(await counts(lab)).toEqual({ partitions: 4, changing_to: null, partitions_before: null });
    await load.reaches(load.accepted + 200);

    expect(await repartition(lab, 8)).toMatchObject({ code: 0, said: 'tasks has 8 partitions now\n' });
    await load.reaches(load.accepted + 200);
    await load.stop();

    await lab.verify();
    expect(new Set(lab.ledger.answers.keys())).toEqual(new Set([202, 503]));
  });

  it('the change can be taken back while commands are still under way, and they are run', async () => {
    const { broker } = (lab = await Lab.with({ apis: 1, workers: 0 }));
    const load = lab.load({ tasks: 20, concurrency: 20 });
    await load.reaches(20);

    const given = await repartition(lab, 4, {}, ['--within', '1']);
    expect(given).toMatchObject({ code: 1, complained: expect.stringContaining('not worked off yet') });
    expect(await counts(lab)).toMatchObject({ partitions: 8, changing_to: 4 });
    expect((await cli(lab, ['topology', 'check'])).said).toContain('is being changed from 8 to 4 partitions');
    expect(await cli(lab, ['topology', 'repartition', 'tasks', '--cancel'])).toMatchObject({ code: 0 });

    await lab.worker();
    await load.finished;
    await lab.verify();
    expect(await broker.look(broker.topology.queue('tasks', 8, 0))).toMatchObject({ waiting: 0 });
  });

  it('a worker that has been stopped in the middle of a command is waited for', async () => {
    lab = await Lab.with({ apis: 1, workers: 0 });
    const frozen = await lab.worker({ FAILPOINTS: 'engine.before_handle=stop@1' });
    const load = lab.load({ tasks: 10, concurrency: 10 });
    await load.reaches(10);
    await lab.worker();

    const changed = repartition(lab, 4);
    await eventually('the change has begun', async () => (await counts(lab as Lab)).changing_to === 4);
    frozen.kill('SIGCONT');
    expect(await changed).toMatchObject({ code: 0 });
    await load.finished;
    expect(await repartition(lab, 8)).toMatchObject({ code: 0 });
    await lab.verify();
  });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
  readonly complained: string;
}

const repartition = (
  lab: Lab,
  partitions: number,
  environment: Record<string, string> = {},
  options: readonly string[] = ['--within', '90'],
): Promise<Ended> =>
  cli(lab, ['topology', 'repartition', 'tasks', '--partitions', String(partitions), ...options], environment);

async function cli(
  { database, broker }: Lab,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [compiledMain('cli'), ...args], {
    cwd: projectRoot,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      NODE_OPTIONS: '',
      DATABASE_URL: database.url,
      RABBITMQ_URL: broker.url,
      TOPOLOGY_PREFIX: broker.prefix,
      ...environment,
    },
  });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.on('data', (text: Buffer) => (complained += text.toString()));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, said, complained }));
  });
}

const counts = ({ database }: Lab) =>
  database.one(`select partitions, changing_to, partitions_before from platform.contexts where name = 'tasks'`);
