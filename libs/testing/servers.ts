import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { PrivatePostgres } from '../../scripts/lib/postgres.mjs';
import type { PrivateRabbitmq } from '../../scripts/lib/rabbitmq.mjs';
import { dataFolder, projectRoot } from './project.js';

export type { PrivatePostgres };

/** Addresses of a Postgres and a RabbitMQ that run. */
export interface Servers {
  readonly databaseUrl: string;
  readonly rabbitmqUrl: string;
}

/** The servers that the test run started for everybody. Nobody stops them. */
export function sharedServers(): Servers {
  const { TEST_DATABASE_URL: databaseUrl, TEST_RABBITMQ_URL: rabbitmqUrl } = process.env;
  if (!databaseUrl || !rabbitmqUrl)
    throw new Error('TEST_DATABASE_URL and TEST_RABBITMQ_URL are not set: run the tests by "npm test"');
  return { databaseUrl, rabbitmqUrl };
}

/** Servers of one test file, which it may stop, start and kill. */
export class OwnServers implements Servers {
  private constructor(
    readonly postgres: PrivatePostgres,
    readonly rabbitmq: PrivateRabbitmq,
  ) {}

  static async start(name: string): Promise<OwnServers> {
    const [{ startPostgres }, { startRabbitmq }] = await Promise.all([
      script<typeof import('../../scripts/lib/postgres.mjs')>('postgres'),
      script<typeof import('../../scripts/lib/rabbitmq.mjs')>('rabbitmq'),
    ]);
    const folder = dataFolder();
    const [postgres, rabbitmq] = await Promise.all([
      startPostgres({ dataDir: join(folder, `${name}-postgres`) }),
      startRabbitmq({ dataDir: join(folder, `${name}-rabbitmq`), root: process.env.TEST_RABBITMQ_ROOT }),
    ]);
    return new OwnServers(postgres, rabbitmq);
  }

  get databaseUrl(): string {
    return this.postgres.url;
  }

  get rabbitmqUrl(): string {
    return this.rabbitmq.url;
  }

  async remove(): Promise<void> {
    await Promise.all([this.postgres.remove(), this.rabbitmq.remove()]);
  }
}

/** A Postgres of one test file. */
export async function startOwnPostgres(name: string): Promise<PrivatePostgres> {
  const { startPostgres } = await script<typeof import('../../scripts/lib/postgres.mjs')>('postgres');
  return startPostgres({ dataDir: join(dataFolder(), `${name}-postgres`) });
}

/** The bootstrap's scripts are not compiled, so their address is not relative to the compiled file. */
export function script<Module>(name: string): Promise<Module> {
  return import(pathToFileURL(join(projectRoot, 'scripts/lib', `${name}.mjs`)).href) as Promise<Module>;
}
