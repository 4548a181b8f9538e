import { Injectable } from '@nestjs/common';

import { alive } from '../database/alive.js';
import { Database } from '../database/database.js';
import { CommandPublisher } from '../messaging/command-publisher.js';
import { HealthProbe, type HealthReport, type ServiceHealth } from '../observability/health.js';
import { Draining } from './draining.js';

/** The API stays ready while it can do half of its work: queries without the broker, commands without the database. */
@Injectable()
export class ApiHealth extends HealthProbe {
  #started = false;

  constructor(
    private readonly database: Database,
    private readonly publisher: CommandPublisher,
    private readonly draining: Draining,
  ) {
    super();
  }

  async report(): Promise<HealthReport> {
    const workers = await this.#workers();
    const database = workers !== undefined;
    const bus = this.publisher.ready;
    this.#started ||= database && bus;
    return {
      ready: this.#started && !this.draining.begun && (database || bus),
      services: {
        database: database
          ? { status: 'healthy' }
          : { status: 'unhealthy', detail: 'Postgres does not answer: check DATABASE_URL and the server' },
        message_bus: bus
          ? { status: 'healthy' }
          : {
              status: 'unhealthy',
              detail: 'RabbitMQ is not connected, or takes no messages: check RABBITMQ_URL and its alarms',
            },
        worker: workerHealth(workers),
      },
    };
  }

  async #workers(): Promise<number | undefined> {
    try {
      const [row] = await this.database.query<{ n: number }>({
        name: 'api_health_workers',
        text: `select count(*)::int as n from platform.workers w where ${alive('w')}`,
      });
      return row?.n ?? 0;
    } catch {
      return undefined;
    }
  }
}

function workerHealth(workers: number | undefined): ServiceHealth {
  if (workers === undefined) return { status: 'degraded', detail: 'not known while Postgres does not answer' };
  if (workers > 0) return { status: 'healthy', detail: `${workers} at work` };
  return { status: 'degraded', detail: 'no worker is at work: accepted commands wait until one is started' };
}
