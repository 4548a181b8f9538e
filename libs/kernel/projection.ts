import type { DomainError } from './domain-error.js';
import type { Fold } from './fold.js';
import type { Class } from './message.js';

/** A row of a read model. `id` is its stream's id; `version` the stream's version that it shows, kept by the platform. */
export interface ReadModelRow {
  id: string;
  version: number;
}

type FoldedRow<Row extends ReadModelRow> = Omit<Row, 'version'>;

export interface Projection {
  /** Literal `<context>.<read_model>`. */
  readonly name: string;
  readonly row: Class<ReadModelRow>;
  readonly inline: true;
  readonly fold: Fold<FoldedRow<ReadModelRow>>;
  /** Unique constraints of the table, by name, and what a command that violates one is rejected with. */
  readonly unique: Readonly<Record<string, () => DomainError>>;
}

/**
 * Declares a read model: a pure fold from the events of one stream to one row.
 * Inline: written in the transaction of the command that caused the events, so it is never stale.
 */
export function projection<Row extends ReadModelRow>(
  name: string,
  row: Class<Row>,
  options: { inline: true; fold: Fold<FoldedRow<Row>>; unique?: Record<string, () => DomainError> },
): Projection {
  return { name, row, unique: {}, ...options };
}
