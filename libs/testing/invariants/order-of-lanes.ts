import { some, type Invariant } from './evidence.js';

/** I8: the commands of one aggregate took effect in the order of their 202s. */
export const orderOfLanes: Invariant = async ({ ledger, database }) => {
  const rows = await database.query<{ stream_id: string; command_id: string }>(
    `select stream_id, metadata->>'command_id' as command_id from platform.events order by stream_type, stream_id, version`,
  );
  const effective = new Set(rows.map(({ command_id }) => command_id));
  const accepted = Map.groupBy(
    ledger.accepted.filter(({ commandId }) => effective.has(commandId)),
    ({ resourceId }) => resourceId,
  );
  const known = new Set(ledger.accepted.map(({ commandId }) => commandId));
  const effects = Map.groupBy(
    rows.filter(({ command_id }) => known.has(command_id)),
    ({ stream_id }) => stream_id,
  );
  const disordered = [...accepted].filter(([lane, commands]) => {
    const promised = commands.map(({ commandId }) => commandId);
    const happened = [...new Set((effects.get(lane) ?? []).map(({ command_id }) => command_id))];
    return promised.join() !== happened.join();
  });
  return disordered.length > 0
    ? [`I8: ${disordered.length} aggregates saw their commands out of order: ${some(disordered.map(([lane]) => lane))}`]
    : [];
};
