import type { Topology } from '../topology.js';
import { deadLetterArguments, queueArguments } from './declare.js';
import { otherEventQueue } from './event-subscriptions.js';
import { OtherArguments, type BrokerSession } from './session.js';

/** One thing that was looked at. A `fault` may lose commands or keeps them from running. */
export interface TopologyFinding {
  readonly what: string;
  readonly level: 'ok' | 'warning' | 'fault';
  readonly message: string;
  readonly advice?: string;
}

/** What the database says of a context's partitions. */
export interface ContextTopology {
  readonly name: string;
  readonly partitions: number;
  readonly changingTo: number | undefined;
  readonly partitionsBefore: number | undefined;
}

/** Queues of so many other counts are looked for: whoever changed a count by hand left them behind. */
const mostOtherCounts = 64;

/**
 * Compares what this release declares with what the broker has. It changes nothing: queues and exchanges are declared only
 * where they exist, and then the broker compares. Bindings cannot be seen over AMQP.
 * @param eventQueuesOf the contexts that have had a queue of events
 */
export async function checkTopology(
  session: BrokerSession,
  topology: Topology,
  contexts: readonly ContextTopology[],
  eventQueuesOf: readonly string[],
): Promise<TopologyFinding[]> {
  const findings = [versionFinding(session)];
  findings.push(await exchange(session, topology.commands, 'direct'));
  findings.push(await exchange(session, topology.events, 'topic'));
  findings.push(await exchange(session, topology.deadLetters, 'fanout'));
  findings.push(...(await queue(session, topology.deadLetters, deadLetterArguments)));
  for (const context of contexts) findings.push(...(await contextFindings(session, topology, context)));
  for (const context of eventQueuesOf)
    findings.push(...(await queue(session, topology.eventQueue(context), queueArguments(topology), eventQueue)));
  return findings;
}

function versionFinding({ server: { product, version } }: BrokerSession): TopologyFinding {
  const what = 'broker';
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const message = `${product} ${version}`;
  if (major < 3 || (major === 3 && minor < 10))
    return {
      what,
      level: 'fault',
      message: `${message} is older than 3.10: its quorum queues do not dead-letter safely`,
      advice: 'Upgrade the broker.',
    };
  if (major === 4 && minor === 3 && patch <= 5)
    return {
      what,
      level: 'warning',
      message: `${message} may stop delivering from a queue with a single active consumer`,
      advice: 'Upgrade to 4.3.6 or later.',
    };
  return { what, level: 'ok', message };
}

async function exchange(session: BrokerSession, name: string, type: string): Promise<TopologyFinding> {
  if (!(await session.exchangeExists(name)))
    return {
      what: name,
      level: 'warning',
      message: 'there is no such exchange',
      advice: 'It is declared when an API or a worker connects: start them, or restart one if somebody deleted it.',
    };
  try {
    await session.compareExchange(name, type);
    return { what: name, level: 'ok', message: `a durable ${type} exchange` };
  } catch (error) {
    if (!(error instanceof OtherArguments)) throw error;
    return {
      what: name,
      level: 'fault',
      message: `is not a durable ${type} exchange: ${error.message}`,
      advice: 'Stop APIs and workers, delete the exchange, and start them: they declare it anew with its bindings.',
    };
  }
}

/** What is said of a queue that is not there, or is another. */
interface QueueFaults {
  readonly missing: Omit<TopologyFinding, 'what'>;
  readonly other: Omit<TopologyFinding, 'what'>;
}

const commandQueue: QueueFaults = {
  missing: {
    level: 'fault',
    message: 'there is no such queue: what was in it is lost, unless it never was declared',
    advice: 'Start an API or a worker, or restart one: it is declared when they connect.',
  },
  other: {
    level: 'fault',
    message: 'was declared with other arguments, and may lose or reorder messages',
    advice: 'Stop the APIs, let the workers empty it, delete it, and start the APIs: it is declared anew.',
  },
};

const eventQueue: QueueFaults = {
  missing: {
    level: 'warning',
    message: 'there is no such queue: the policies of its context hear of nothing',
    advice: 'Start a worker, or restart one: it declares the queue, and the relay fills it again from the log.',
  },
  other: {
    level: 'fault',
    message: 'was declared with other arguments, and its policies may miss events or see them in another order',
    advice: otherEventQueue,
  },
};

async function queue(
  session: BrokerSession,
  name: string,
  args: Readonly<Record<string, unknown>>,
  { missing, other }: QueueFaults = commandQueue,
): Promise<TopologyFinding[]> {
  const seen = await session.queue(name);
  if (!seen) return [{ what: name, ...missing }];
  const findings: TopologyFinding[] = [];
  try {
    await session.compareQueue(name, args);
    findings.push({ what: name, level: 'ok', message: `${seen.ready} waiting, ${seen.consumers} consumers` });
  } catch (error) {
    if (!(error instanceof OtherArguments)) throw error;
    findings.push({ what: name, ...other, message: `${other.message}: ${error.message}` });
  }
  if (seen.ready > 0 && seen.consumers === 0)
    findings.push({
      what: name,
      level: 'warning',
      message: `${seen.ready} messages wait, and nobody consumes them`,
      advice: 'Start a worker whose WORKER_CONTEXTS has the context.',
    });
  return findings;
}

async function contextFindings(
  session: BrokerSession,
  topology: Topology,
  { name, partitions, changingTo, partitionsBefore }: ContextTopology,
): Promise<TopologyFinding[]> {
  const findings: TopologyFinding[] = [];
  const under = changingTo ?? (partitionsBefore === undefined ? undefined : partitions);
  if (under !== undefined)
    findings.push({
      what: name,
      level: 'fault',
      message:
        changingTo === undefined
          ? `${partitionsBefore} former partitions have not been removed`
          : `is being changed from ${partitions} to ${changingTo} partitions: its commands get 503 until that is done`,
      advice: `Run "topology repartition ${name} --partitions ${under}" again: it goes on where it was.`,
    });
  for (let n = 0; n < partitions; n++)
    findings.push(...(await queue(session, topology.queue(name, partitions, n), queueArguments(topology))));
  const expected = new Set([partitions, changingTo, partitionsBefore]);
  for (let count = 1; count <= mostOtherCounts; count++)
    if (!expected.has(count)) findings.push(...(await leftOver(session, topology, name, count)));
  return findings;
}

/** Nobody consumes the queues of another count. */
async function leftOver(
  session: BrokerSession,
  topology: Topology,
  context: string,
  count: number,
): Promise<TopologyFinding[]> {
  const names = Array.from({ length: count }, (_, n) => topology.queue(context, count, n));
  if (!(await session.queue(names[0] as string))) return [];
  let ready = 0;
  for (const name of names) ready += (await session.queue(name))?.ready ?? 0;
  const what = `${context} (${count})`;
  if (ready === 0)
    return [
      {
        what,
        level: 'warning',
        message: `queues of ${count} partitions are left over, and empty`,
        advice: `Delete ${names[0]} and the others like it.`,
      },
    ];
  return [
    {
      what,
      level: 'fault',
      message: `${ready} commands are in queues of ${count} partitions, which nobody consumes`,
      advice:
        `Somebody changed platform.contexts by hand. Stop the APIs; set partitions = ${count} there again and let the ` +
        'workers empty them; then change the number with "topology repartition".',
    },
  ];
}
