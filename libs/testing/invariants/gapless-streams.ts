import { some, type Invariant } from './evidence.js';

/** I3: every stream's versions are 1 to n. */
export const gaplessStreams: Invariant = async ({ database }) => {
  const rows = await database.query<{ stream: string }>(
    `select stream_type || ' ' || stream_id as stream from platform.events group by stream_type, stream_id
     having min(version) <> 1 or max(version) <> count(*) or count(distinct version) <> count(*)`,
  );
  return rows.length > 0 ? [`I3: ${rows.length} streams have gaps: ${some(rows.map(({ stream }) => stream))}`] : [];
};
