import type { QueryResultRow } from 'pg';

import { activeSpan, inSpan, tracing, type Span } from '../observability/tracing.js';
import { Database, type Statement, type Transaction } from './database.js';

/** Makes spans of statements and transactions that are part of a trace. What a process does of itself has none. */
export class TracedDatabase extends Database {
  override query<R extends QueryResultRow>(
    statement: Statement | string,
    values: readonly unknown[] = [],
  ): Promise<R[]> {
    const span = begun(typeof statement === 'string' ? 'query' : statement.name);
    return span ? inSpan(span, () => super.query<R>(statement, values)) : super.query<R>(statement, values);
  }

  override transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const span = begun('transaction');
    const run = (): Promise<T> => super.transaction(work);
    return span ? inSpan(span, run) : run();
  }
}

function begun(summary: string): Span | undefined {
  const parent = activeSpan.getStore();
  return (
    parent &&
    tracing.tracer?.start(summary, {
      kind: 'client',
      parent: parent.traceParent,
      attributes: { 'db.system.name': 'postgresql', 'db.query.summary': summary },
    })
  );
}
