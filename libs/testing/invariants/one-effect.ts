import { some, type Evidence, type Invariant } from './evidence.js';

/** I2: no command has two effects, and there is none that no attempt sent. */
export const oneEffect: Invariant = async (evidence) => [
  ...(await doubled(evidence)),
  ...(await unfounded(evidence)),
  ...(await withoutEffect(evidence)),
  ...(await unsent(evidence)),
];

async function doubled({ database }: Evidence): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select metadata->>'command_id' as id from platform.events group by 1
     having count(distinct xid) > 1 or count(distinct (stream_type, stream_id)) > 1`,
  );
  return rows.length > 0 ? [`I2: ${rows.length} commands had two effects: ${some(rows.map(({ id }) => id))}`] : [];
}

async function unfounded({ database }: Evidence): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select distinct e.metadata->>'command_id' as id from platform.events e
     left join platform.commands c on c.id = (e.metadata->>'command_id')::uuid
     where c.status is distinct from 'succeeded'`,
  );
  return rows.length > 0
    ? [`I2: ${rows.length} commands made events and did not succeed: ${some(rows.map(({ id }) => id))}`]
    : [];
}

async function withoutEffect({ database }: Evidence): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select c.id from platform.commands c
     left join platform.events e on (e.metadata->>'command_id')::uuid = c.id
     where c.status = 'succeeded' and e.position is null`,
  );
  return rows.length > 0 ? [`I2: ${rows.length} commands succeeded in nothing: ${some(rows.map(({ id }) => id))}`] : [];
}

/** What policies send follows from events, which no attempt knows. */
const notOfPolicies = `author not like 'system:%'`;

async function unsent({ database, ledger, expected }: Evidence): Promise<string[]> {
  const sent = new Set([...ledger.accepted.map(({ commandId }) => commandId), ...(expected.smuggled ?? [])]);
  const stored = await database.query<{ id: string }>(
    `select id from platform.commands where ${notOfPolicies}
     union select id from platform.parked_commands where ${notOfPolicies}`,
  );
  const strangers = stored.filter(({ id }) => !sent.has(id));
  const possible = ledger.unresolved.length;
  return strangers.length > possible
    ? [
        `I2: ${strangers.length} stored commands were never answered 202, but only ${possible} attempts are open: ${some(strangers.map(({ id }) => id))}`,
      ]
    : [];
}
