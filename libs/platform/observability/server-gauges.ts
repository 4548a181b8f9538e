import type { Database } from '../database/database.js';
import type { Metrics } from './metrics.js';

export interface BrokerConnection {
  readonly connected: boolean;
  /** The broker takes no publishes on it at present. */
  readonly blocked: boolean;
}

/** Gauges of what every app has: a pool of database connections, and connections to the broker. */
export function serverGauges(
  metrics: Metrics,
  database: Pick<Database, 'pool' | 'probe'>,
  broker: Readonly<Record<string, BrokerConnection>>,
): void {
  const connections = Object.entries(broker);
  metrics.dependency('postgres', () => database.probe());
  metrics.dependency('rabbitmq', () => connections.every(([, { connected }]) => connected));

  metrics.gauge(
    {
      name: 'contextflow_database_pool_connections',
      help: 'Open database connections, by whether something uses them.',
      labels: ['state'],
    },
    () => {
      const { open, idle } = database.pool;
      return [
        { labels: { state: 'busy' }, value: open - idle },
        { labels: { state: 'idle' }, value: idle },
      ];
    },
  );
  metrics.gauge(
    { name: 'contextflow_database_pool_size', help: 'How many database connections the process may open.' },
    () => [{ value: database.pool.most }],
  );
  metrics.gauge(
    {
      name: 'contextflow_database_pool_waiting',
      help: 'Statements and transactions that wait for a database connection.',
    },
    () => [{ value: database.pool.waiting }],
  );
  metrics.gauge(
    {
      name: 'contextflow_broker_connected',
      help: 'Whether this connection to the broker stands (1) or not (0).',
      labels: ['connection'],
    },
    () => connections.map(([connection, { connected }]) => ({ labels: { connection }, value: Number(connected) })),
  );
  metrics.gauge(
    {
      name: 'contextflow_broker_blocked',
      help: 'Whether the broker takes no publishes on this connection at present (1): a memory or disk alarm.',
      labels: ['connection'],
    },
    () => connections.map(([connection, { blocked }]) => ({ labels: { connection }, value: Number(blocked) })),
  );
}
