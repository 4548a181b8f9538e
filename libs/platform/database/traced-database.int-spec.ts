import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';
import { sharedServers } from '#testing/servers.js';
import { TestDatabase } from '#testing/test-database.js';

import { activeSpan, type Span } from '../observability/tracing.js';
import { TracedDatabase } from './traced-database.js';

let server: TestDatabase;
let database: TracedDatabase;
let traces: RecordedTraces;
let work: Span;

beforeAll(async () => {
  server = await TestDatabase.create(sharedServers().databaseUrl);
  database = new TracedDatabase({
    url: server.url,
    applicationName: 'traced',
    poolSize: 2,
    acquireTimeout: 3_000,
    statementTimeout: 5_000,
    entities: [],
  });
  await database.whenConnected();
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await server.drop();
});
beforeEach(() => {
  traces = new RecordedTraces();
  work = traces.tracer.start('work', {});
});
afterEach(() => traces.stop());

const seven = { name: 'tell_seven', text: 'select $1::int as n' };

describe('What the database does', () => {
  it('is part of the work that it is done for, by the statement’s name', async () => {
    expect(await activeSpan.run(work, () => database.query(seven, [7]))).toEqual([{ n: 7 }]);
    expect(traces.spans).toMatchObject([
      {
        name: 'tell_seven',
        parentId: spanIdOf(work.traceParent),
        failure: undefined,
        attributes: { 'db.system.name': 'postgresql', 'db.query.summary': 'tell_seven' },
      },
    ]);
    expect(JSON.stringify(traces.spans[0]?.attributes)).not.toContain('7');
  });

  it('is one span for a transaction', async () => {
    await activeSpan.run(work, () => database.transaction((transaction) => transaction.query(seven, [1])));
    expect(traces.spans.map(({ name }) => name)).toEqual(['transaction']);
  });

  it('has failed when the server says so', async () => {
    await expect(activeSpan.run(work, () => database.query('select 1 / 0'))).rejects.toThrow('division by zero');
    expect(traces.spans).toMatchObject([{ name: 'query', failure: 'division by zero' }]);
  });

  it('makes no span when it is done for nobody', async () => {
    expect(await database.query(seven, [7])).toEqual([{ n: 7 }]);
    expect(traces.spans).toEqual([]);
  });
});
