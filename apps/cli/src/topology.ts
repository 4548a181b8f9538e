import type { Command } from 'commander';

import { loadSettings, Settings } from '#platform/config/settings.js';
import type { Database } from '#platform/database/database.js';
import { armFailpoints } from '#platform/failpoints/failpoint.js';
import { BrokerSession } from '#platform/messaging/rabbitmq/session.js';
import {
  checkTopology,
  type ContextTopology,
  type TopologyFinding,
} from '#platform/messaging/rabbitmq/topology-check.js';
import { Repartition, type RepartitionProgress } from '#platform/messaging/repartition.js';
import { Topology } from '#platform/messaging/topology.js';

import { positive } from './commands/arguments.js';
import { Limit, place, Unreachable, withDatabase } from './connections.js';
import type { Terminal } from './terminal.js';

const name = 'contextflow-cli';

interface RepartitionOptions {
  readonly partitions?: number;
  readonly cancel?: true;
  readonly within: number;
}

export function addTopology(program: Command, terminal: Terminal): void {
  const topology = program.command('topology').helpGroup('Operations:').description('look after exchanges and queues');

  topology
    .command('check')
    .description('compare what this release declares with what the broker has; ends with code 1 on a fault')
    .option('--json', 'answer in JSON')
    .action(async ({ json }: { json?: true }) => {
      const settings = loadSettings(Settings, terminal.environment);
      const findings = await connected(settings, (database, session) => check(settings, database, session));
      const faults = findings.filter(({ level }) => level === 'fault').length;
      terminal.say(
        json
          ? JSON.stringify({ ok: faults === 0, findings }, undefined, 2)
          : table(place(settings.rabbitmqUrl), findings),
      );
      if (faults > 0) terminal.exitCode = 1;
    });

  topology
    .command('repartition <context>')
    .description(
      'change the number of partitions of a context while everything goes on; its commands get 503 meanwhile. Ended at any point, it goes on where it was when it is called again',
    )
    .option('--partitions <n>', 'the new number', positive)
    .option('--cancel', 'take back a change that has not come to its end')
    .option('--within <seconds>', 'how long to wait for the commands that are under way', positive, 600)
    .action(async (context: string, options: RepartitionOptions) => {
      const settings = loadSettings(Settings, terminal.environment);
      armFailpoints(settings.failpoints);
      await connected(settings, (database, session) =>
        repartition(terminal, settings, database, session, context, options),
      );
    });
}

async function check(settings: Settings, database: Database, session: BrokerSession): Promise<TopologyFinding[]> {
  const rows = await database.query<{ name: string; partitions: number; to: number | null; before: number | null }>(
    'select name, partitions, changing_to as to, partitions_before as before from platform.contexts order by name',
  );
  const contexts = rows.map((row): ContextTopology => ({
    name: row.name,
    partitions: row.partitions,
    changingTo: row.to ?? undefined,
    partitionsBefore: row.before ?? undefined,
  }));
  // A context has this checkpoint from the day on which its event queue was declared.
  const subscribed = await database.query<{ context: string }>(
    `select substr(name, 1, length(name) - length('.events')) as context
     from platform.checkpoints where name like '%.events' order by name`,
  );
  const eventQueuesOf = subscribed.map(({ context }) => context);
  return checkTopology(session, new Topology(settings.topologyPrefix), contexts, eventQueuesOf);
}

async function repartition(
  terminal: Terminal,
  settings: Settings,
  database: Database,
  session: BrokerSession,
  context: string,
  { partitions, cancel, within }: RepartitionOptions,
): Promise<void> {
  const change = new Repartition(database, session, new Topology(settings.topologyPrefix), progress(terminal));
  if (cancel) {
    const was = await change.cancel(context);
    terminal.say(was ? `${context} keeps its partitions` : `no change of ${context} was under way`);
    return;
  }
  if (partitions === undefined) throw new Error('Say how many: --partitions <n>.');
  if (partitions > 1024) throw new Error('A context has at most 1024 partitions.');
  const changed = await change.run(context, partitions, AbortSignal.timeout(within * 1_000));
  terminal.say(
    changed ? `${context} has ${partitions} partitions now` : `${context} has ${partitions} partitions already`,
  );
}

const doing: Readonly<Record<RepartitionProgress['step'], string>> = {
  unbind: 'unbinding the old keys',
  drain: 'waiting for what is under way',
  store: 'storing the number',
  bind: 'binding the new keys',
  remove: 'removing the old queues',
};

/** A line whenever something has changed, at most one a second within a step. */
function progress(terminal: Terminal): (progress: RepartitionProgress) => void {
  let told = { line: '', step: '', at: 0 };
  return ({ step, done, of, waiting }) => {
    const line = `${doing[step]}: ${done} of ${of}${waiting === undefined ? '' : `, ${waiting} commands wait`}`;
    const soon = step === told.step && done < of && performance.now() - told.at < 1_000;
    if (line === told.line || soon) return;
    told = { line, step, at: performance.now() };
    terminal.complain(line);
  };
}

/** @throws Unreachable */
async function connected<T>(
  settings: Settings,
  work: (database: Database, session: BrokerSession) => Promise<T>,
): Promise<T> {
  return withDatabase(settings, new Limit(10), async (database) => {
    const session = await BrokerSession.open(settings.rabbitmqUrl, name).catch((error: unknown) => {
      throw new Unreachable(
        `RabbitMQ cannot be reached: ${(error as Error).message}. Check RABBITMQ_URL (${place(settings.rabbitmqUrl)}), and that the broker runs.`,
        { cause: error },
      );
    });
    try {
      return await work(database, session);
    } finally {
      await session.close();
    }
  });
}

function table(broker: string, findings: readonly TopologyFinding[]): string {
  const lines = findings.flatMap(({ what, level, message, advice }) => [
    `${level.padEnd(9)}${what}: ${message}`,
    ...(advice ? [`${' '.repeat(9)}${advice}`] : []),
  ]);
  const count = (wanted: TopologyFinding['level']): string => {
    const found = findings.filter(({ level }) => level === wanted).length;
    return `${found} ${wanted}${found === 1 ? '' : 's'}`;
  };
  return [
    broker,
    '',
    ...lines,
    '',
    `${count('fault')}, ${count('warning')}. Bindings cannot be seen from here: every API and worker makes those it needs when it connects.`,
  ].join('\n');
}
