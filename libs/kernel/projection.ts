import type { DomainError } from './domain-error.js';
import type { EventMeta, Fold } from './fold.js';
import type { Class } from './message.js';

/**
 * A row of a read model. `id` is its stream's id, or its key. `version`, kept by the platform, is the version of the stream
 * that it shows; of a row with a key, the number of events that it was made of.
 */
export interface ReadModelRow {
  id: string;
  version: number;
}

type FoldedRow<Row extends ReadModelRow> = Omit<Row, 'version'>;

/** Which row shows an event; undefined: none does. */
export type Key = (event: object, meta: LogMeta) => string | undefined;

/** What the log knows of an event besides its data. */
export interface LogMeta extends EventMeta {
  /** The event's id, the same wherever it is told. */
  readonly id: string;
  /** Wire name. */
  readonly type: string;
  readonly streamType: string;
  readonly streamId: string;
}

export interface Projection {
  /** Literal `<context>.<read_model>`. */
  readonly name: string;
  readonly row: Class<ReadModelRow>;
  /** Written in the transaction of the command; else by a worker that follows the log. */
  readonly inline: boolean;
  /** A higher one than the table was made with has workers build it anew. */
  readonly version: number;
  readonly key?: Key;
  readonly fold: Fold<FoldedRow<ReadModelRow>>;
  /** Unique constraints of the table, by name, and what a command that violates one is rejected with. */
  readonly unique: Readonly<Record<string, () => DomainError>>;
}

interface Inline<Row extends ReadModelRow> {
  inline: true;
  version?: number;
  /** Default: the id of the stream. A pure function of the event, whose stream must follow from what it answers. */
  key?: (event: object) => string | undefined;
  fold: Fold<FoldedRow<Row>>;
  unique?: Record<string, () => DomainError>;
}

interface Asynchronous<Row extends ReadModelRow> {
  inline: false;
  version?: number;
  /** Default: the id of the stream. A pure function. */
  key?: Key;
  fold: Fold<FoldedRow<Row>>;
}

/**
 * Declares a read model: a pure fold from events to rows.
 * Inline: of the events of one stream to one row, written in the transaction of the command that caused them, so that it is
 * never stale. With a key, a stream may have several rows, and no row is of two streams: nothing else keeps two commands from
 * writing it at once. Otherwise a worker follows the log, moments later, and a row may show the events of many streams: those of
 * one key, in the log's order.
 * @param options.version raised with every change of the fold, so that the rows that are there are made anew
 */
export function projection<Row extends ReadModelRow>(
  name: string,
  row: Class<Row>,
  options: Inline<Row> | Asynchronous<Row>,
): Projection {
  return { name, row, unique: {}, ...options, version: options.version ?? 1 };
}
