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
  const came = new Set<string>();
  let read = 0;
  const missing = (): string[] => [...logged].filter((event) => !came.has(event));
  const all = (): boolean => {
    for (const event of told().slice(read))
      // Processes tell of themselves without the log.
      if (event.streamtype !== 'system.service') came.add(`${streamOf(event)} ${event.sequence}`);
    read = told().length;
    return came.size >= logged.size && missing().length === 0;
  };
  // However many wait to be read: it is over when none has come for so long.
  for (let before = -1; read > before && !all();) {
    before = read;
    await eventually('all have come', all, { within: patience, every: 100 }).catch(() => undefined);
  }
  const lost = missing();
  const unheardOf = [...came].filter((event) => !logged.has(event));
  const odd = overtaken(told());
  return [
    ...(lost.length > 0 ? [`I5: ${lost.length} of ${logged.size} events were not told: ${some(lost)}`] : []),
    ...(unheardOf.length > 0 ? [`I5: ${unheardOf.length} told events are not in the log: ${some(unheardOf)}`] : []),
    ...(odd.length > 0 ? [`I5: ${odd.length} events were overtaken: ${some(odd)}`] : []),
  ];
}
