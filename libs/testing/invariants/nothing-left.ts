import { eventually } from '../eventually.js';
import { some, type Evidence, type Invariant } from './evidence.js';

/** I7: nothing waits in a queue or is parked, but what was provoked. */
export const nothingLeft: Invariant = async (evidence) => [
  ...(await emptyQueues(evidence)),
  ...(await parked(evidence)),
  ...(await deadMessages(evidence)),
];

/** Whether all queues are empty. Once the workers have ended, what they had not acknowledged counts too. */
export async function emptyQueues({ broker, contexts }: Pick<Evidence, 'broker' | 'contexts'>): Promise<string[]> {
  const findings = broker.queues(contexts).map((queue) =>
    eventually(`${queue} is empty`, async () => (await broker.waiting(queue)) === 0, { within: 10_000 }).then(
      () => [],
      (error: unknown) => [`I7: ${(error as Error).message}`],
    ),
  );
  return (await Promise.all(findings)).flat();
}

async function parked({ database, expected }: Evidence): Promise<string[]> {
  const wanted = new Set([...(expected.dead ?? []), ...(expected.blocked ?? []), ...(expected.unsupported ?? [])]);
  const rows = await database.query<{ id: string; state: string; error: string | null }>(
    'select id, state, error from platform.parked_commands',
  );
  const unexpected = rows.filter(({ id }) => !wanted.has(id));
  const attempts = await database.query<{ command_id: string; late: number; own: boolean }>(
    `select a.command_id, extract(epoch from a.started_at - c.settled_at)::float8 as late, a.process = c.worker as own
     from platform.attempts a join platform.commands c on c.id = a.command_id`,
  );
  const attempt = (row: (typeof attempts)[number]): string =>
    `${row.command_id} (begun ${row.late.toFixed(3)} s after the end, by ${row.own ? 'the same' : 'another'} process)`;
  return [
    ...(unexpected.length > 0
      ? [
          `I7: ${unexpected.length} commands are parked: ${some(unexpected.map((row) => `${row.id} (${row.state}: ${row.error})`))}`,
        ]
      : []),
    ...(attempts.length > 0
      ? [`I7: ${attempts.length} settled commands have open attempts: ${some(attempts.map(attempt))}`]
      : []),
  ];
}

async function deadMessages({ database, expected }: Evidence): Promise<string[]> {
  const rows = await database.query<{ reason: string }>('select reason from platform.dead_messages');
  return rows.length === (expected.deadMessages ?? 0)
    ? []
    : [
        `I7: ${rows.length} messages were put aside instead of ${expected.deadMessages ?? 0}: ${some(rows.map(({ reason }) => reason))}`,
      ];
}
