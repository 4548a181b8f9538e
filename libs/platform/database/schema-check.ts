import type { Database } from './database.js';

type Entity = abstract new () => object;

/** How a table differs from the entity that is read and written through it. */
export interface Difference {
  /** `schema.table`, or `schema.table.column`. */
  readonly place: string;
  /** `fault`: statements of this release fail on it. `surplus`: nobody of this release uses it. */
  readonly kind: 'fault' | 'surplus';
  readonly what: string;
}

interface Compared {
  readonly table: string;
  readonly table_exists: boolean;
  readonly column: string;
  readonly expected: string | null;
  readonly expected_null: boolean;
  readonly found: string | null;
  readonly found_null: boolean;
  readonly found_default: boolean;
}

// Types are compared as the server understands them: "int" and "integer" are one.
const statement = `
  with expected as (
    select * from jsonb_to_recordset($1) as e("table" text, "column" text, type text, nullable boolean)
  ), tables as (
    select distinct "table", to_regclass("table") as oid from expected
  ), found as (
    select t."table", a.attname::text as "column", a.atttypid, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
      a.atthasdef or a.attidentity <> '' as has_default
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  )
  select "table", t.oid is not null as table_exists, "column", e.type as expected, coalesce(e.nullable, false) as expected_null,
    f.type as found, coalesce(f.nullable, false) as found_null, coalesce(f.has_default, false) as found_default
  from (expected e full join found f using ("table", "column")) join tables t using ("table")
  where e.type is null or f.type is null or to_regtype(e.type)::oid is distinct from f.atttypid or e.nullable <> f.nullable
  order by "table", "column"`;

/**
 * Compares the tables of entities with what the entities say: columns, their types, and where null may stand. What no
 * entity speaks of (indexes, constraints, other tables) belongs to the migrations alone.
 */
export async function compareSchema(database: Database, entities: readonly Entity[]): Promise<Difference[]> {
  const expected = entities.flatMap((entity) => {
    const { schema, tableName, columns } = database.metadata(entity);
    return columns.map((column) => ({
      table: `${schema ?? 'public'}.${tableName}`,
      column: column.databaseName,
      type: `${database.columnType(column)}${column.isArray ? '[]' : ''}`,
      nullable: column.isNullable,
    }));
  });
  const rows = await database.query<Compared & Record<string, unknown>>(statement, [JSON.stringify(expected)]);
  const missing = new Set(rows.filter((row) => !row.table_exists).map(({ table }) => table));
  return [
    ...[...missing].map((place): Difference => ({ place, kind: 'fault', what: 'the table is missing' })),
    ...rows.filter(({ table }) => !missing.has(table)).map(difference),
  ];
}

function difference(row: Compared): Difference {
  const place = `${row.table}.${row.column}`;
  if (row.found === null) return { place, kind: 'fault', what: `the column is missing (${row.expected})` };
  if (row.expected === null)
    return row.found_null || row.found_default
      ? { place, kind: 'surplus', what: 'the column is in no entity' }
      : { place, kind: 'fault', what: 'the column is in no entity, but must be filled: inserts fail' };
  if (row.expected_null !== row.found_null)
    return row.expected_null
      ? { place, kind: 'fault', what: 'the column refuses null, which the entity allows' }
      : { place, kind: 'surplus', what: 'the column takes null, which the entity does not expect' };
  return { place, kind: 'fault', what: `the column is ${row.found}, the entity says ${row.expected}` };
}
