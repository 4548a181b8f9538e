import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { RabbitCommandSource } from '../messaging/rabbitmq/rabbit-command-source.js';
import { HealthProbe, type HealthReport } from '../observability/health.js';
import { Engine } from './engine.js';

@Injectable()
export class WorkerHealth extends HealthProbe {
  constructor(
    private readonly database: Database,
    private readonly source: RabbitCommandSource,
    private readonly engine: Engine,
  ) {
    super();
  }

  async report(): Promise<HealthReport> {
    const database = await this.database.probe();
    const bus = this.source.ready;
    const { joined } = this.engine;
    return {
      ready: database && bus && joined,
      services: {
        database: database
          ? { status: 'healthy' }
          : { status: 'unhealthy', detail: 'Postgres does not answer: check DATABASE_URL and the server' },
        message_bus: bus
          ? { status: 'healthy' }
          : { status: 'unhealthy', detail: 'RabbitMQ is not connected: check RABBITMQ_URL and the server' },
        worker: joined
          ? { status: 'healthy', detail: `holds ${this.engine.slots.length} slots` }
          : { status: 'degraded', detail: 'not in the table of workers yet' },
      },
    };
  }
}
