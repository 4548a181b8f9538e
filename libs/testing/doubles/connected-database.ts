import { Database } from '#platform/database/database.js';

import { sharedServers } from '../servers.js';
import { TestDatabase } from '../test-database.js';

type Entities = readonly (abstract new () => object)[];

/** A database of a test's own, and the platform's connections to it. */
export class ConnectedDatabase {
  readonly #opened: Database[] = [];

  private constructor(
    readonly rows: TestDatabase,
    private readonly entities: Entities,
  ) {}

  static async create(entities: Entities = []): Promise<ConnectedDatabase> {
    return new ConnectedDatabase(await TestDatabase.create(sharedServers().databaseUrl), entities);
  }

  /** A pool, as a process of its own would have it. */
  async connect(): Promise<Database> {
    const database = new Database({
      url: this.rows.url,
      applicationName: 'contextflow-test',
      poolSize: 4,
      acquireTimeout: 5_000,
      statementTimeout: 10_000,
      entities: this.entities,
    });
    this.#opened.push(database);
    await database.whenConnected();
    return database;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((database) => database.onApplicationShutdown()));
    await this.rows.drop();
  }
}
