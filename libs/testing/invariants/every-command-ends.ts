import { some, type Invariant } from './evidence.js';

/** I1: every accepted command has exactly one terminal status, and it is the one that was to be expected. */
export const everyCommandEnds: Invariant = async ({ ledger, database, expected }) => {
  const ids = ledger.accepted.map(({ commandId }) => commandId);
  const rows = await database.query<{ id: string; status: string }>(
    `select id, status from platform.commands where id = any($1::uuid[])
     union all
     select id, state from platform.parked_commands where id = any($1::uuid[])`,
    [ids],
  );
  const statuses = Map.groupBy(rows, ({ id }) => id);
  const wanted = new Map<string, string>();
  for (const status of ['rejected', 'dead', 'blocked', 'unsupported'] as const)
    for (const id of expected[status] ?? []) wanted.set(id, status);
  const lost = ids.filter((id) => !statuses.has(id));
  const findings = lost.length > 0 ? [`I1: ${lost.length} accepted commands are lost: ${some(lost)}`] : [];
  const odd = new Map<string, string[]>();
  for (const [id, found] of statuses) {
    const status = found.map((row) => row.status).join(' and ');
    const should = wanted.get(id) ?? 'succeeded';
    if (status === should) continue;
    const sort = `${status} instead of ${should}`;
    odd.set(sort, [...(odd.get(sort) ?? []), id]);
  }
  for (const [sort, those] of odd) findings.push(`I1: ${those.length} accepted commands are ${sort}: ${some(those)}`);
  return findings;
};
