import { eventually } from '../eventually.js';
import { overtaken, streamOf } from '../told-events.js';
import { some, type Evidence } from './evidence.js';

/** I5: who is bound to the exchange of events has got every public event of the log, each stream's in order. */
export async function everyEventTold({
  database,
  told,
  patience = 15_000,
}: Pick<Evidence, 'database' | 'told' | 'patience'>): Promise<string[]> {
  if (!told) return [];
  const rows = await database.query<{ event: string }>(
    `select stream_type || ' ' || stream_id || ' ' || version as event from platform.events
     where not metadata ? 'private'`,
  );
  const logged = new Set(rows.map(({ event }) => event));
  // Processes tell of themselves without the log.
  const came = (): Set<string> =>
    new Set(
      told()
        .filter(({ streamtype }) => streamtype !== 'system.service')
        .map((event) => `${streamOf(event)} ${event.sequence}`),
    );
  const missing = (): string[] => {
    const known = came();
    return [...logged].filter((event) => !known.has(event));
  };
  await eventually('all have come', () => missing().length === 0, { within: patience, every: 100 }).catch(
    () => undefined,
  );
  const lost = missing();
  const unheardOf = [...came()].filter((event) => !logged.has(event));
  const odd = overtaken(told());
  return [
    ...(lost.length > 0 ? [`I5: ${lost.length} of ${logged.size} events were not told: ${some(lost)}`] : []),
    ...(unheardOf.length > 0 ? [`I5: ${unheardOf.length} told events are not in the log: ${some(unheardOf)}`] : []),
    ...(odd.length > 0 ? [`I5: ${odd.length} events were overtaken: ${some(odd)}`] : []),
  ];
}
