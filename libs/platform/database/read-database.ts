import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';

import { Database, type Statement } from './database.js';

/** Reads read models: one SQL statement a query. Rows come back in the wire's own names. */
@Injectable()
export class ReadDatabase {
  constructor(private readonly database: Database) {}

  /** @throws DatabaseUnavailable, which the API answers with 503 */
  query<R extends QueryResultRow>(statement: Statement | string, values: readonly unknown[] = []): Promise<R[]> {
    return this.database.query<R>(statement, values);
  }
}
