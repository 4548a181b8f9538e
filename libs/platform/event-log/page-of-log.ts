/** So many bytes of data make a page of the log full: a page of large events has to fit into memory like one of small ones. */
export const fullBytes = 4 * 1024 * 1024;

/** What lies below the horizon. Above it are transactions that may still come to lie before what is visible already. */
export const settled = 'and (era < (select era from platform.log) or xid < pg_snapshot_xmin(pg_current_snapshot()))';

/**
 * A query for the events beyond a place (`$1`, `$2`, `$3`), in order: at most `$4` of them, the last being the one that
 * makes the page full by its bytes. Those stand in the column `bytes`.
 * @param horizon a condition on top, `settled` for whoever goes on from the page's end
 */
export const pageOfLog = (horizon: string): string => `
  select * from (
    select page.*, sum(bytes) over (order by era, xid, position) - bytes as before
    from (
      select era, xid, position, stream_type, stream_id, version, type, occurred_at, metadata, data,
        -- What is not compressed tells its length without being looked at.
        case when pg_column_compression(data) is null then pg_column_size(data) else octet_length(data::text) end as bytes
      from platform.events
      where (era, xid, position) > ($1, $2::xid8, $3) ${horizon}
      order by platform.events.era, platform.events.xid, platform.events.position
      limit $4
    ) as page
  ) as sized
  where before < ${fullBytes}`;

/** Whether more may lie beyond the end of a page of so many events with so many bytes. */
export const isFull = (count: number, bytes: number, limit: number): boolean => count >= limit || bytes >= fullBytes;

/** Bytes of the data of these. */
export const bytesOf = (events: readonly { readonly bytes: number }[]): number =>
  events.reduce((sum, { bytes }) => sum + bytes, 0);
