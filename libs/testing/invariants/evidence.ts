import type { Projection } from '#kernel';

import type { AppProcess } from '../app-process.js';
import type { Ledger } from '../ledger.js';
import type { TestBroker } from '../test-broker.js';
import type { TestDatabase } from '../test-database.js';
import type { ToldEvent } from '../told-events.js';

/** What a test provoked on purpose, by command id. Everything else must have succeeded. */
export interface Expected {
  readonly rejected?: readonly string[];
  readonly dead?: readonly string[];
  readonly blocked?: readonly string[];
  readonly unsupported?: readonly string[];
  /** Commands that were not sent over HTTP. */
  readonly smuggled?: readonly string[];
  /** How many different messages nobody is known to have sent. */
  readonly deadMessages?: number;
}

/** What invariants are checked against, once everything has come to rest. */
export interface Evidence {
  readonly ledger: Ledger;
  readonly database: TestDatabase;
  readonly broker: TestBroker;
  /** Of this test, those that have ended included. */
  readonly processes: readonly AppProcess[];
  readonly projections: readonly Projection[];
  readonly contexts: readonly string[];
  readonly expected: Expected;
  /** What came from the exchange of events so far, if somebody was bound to it from the beginning. */
  readonly told?: () => readonly ToldEvent[];
  /** What is on its way gets so long to arrive, in milliseconds; default: as long as it may take. */
  readonly patience?: number;
  /** What processes used after they had warmed up. Growth is checked for those that are in it. */
  readonly usageBefore?: ReadonlyMap<AppProcess, { readonly memory: number; readonly descriptors: number }>;
}

/** Says in sentences what is not as it must be; nothing when all is well. */
export type Invariant = (evidence: Evidence) => Promise<readonly string[]>;

/** A few of many, for a sentence. */
export function some(ids: Iterable<string>): string {
  const all = [...ids];
  const shown = all.slice(0, 5).join(', ');
  return all.length > 5 ? `${shown} and ${all.length - 5} more` : shown;
}
