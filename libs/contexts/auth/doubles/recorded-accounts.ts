import { eventType } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import type { TestDatabase } from '#testing/test-database.js';

import { AccountEndingRow } from '../read-models/account-ending.entity.js';
import { accountEndings } from '../read-models/account-ending.projection.js';
import { AccountRow } from '../read-models/account.entity.js';
import { accounts } from '../read-models/account.projection.js';
import { CredentialsRow } from '../read-models/credentials.entity.js';
import { credentials } from '../read-models/credentials.projection.js';
import { RoleGrantsRow } from '../read-models/role-grants.entity.js';
import { roleGrants } from '../read-models/role-grants.projection.js';
import { ServiceClientRow } from '../read-models/service-client.entity.js';
import { serviceClients } from '../read-models/service-client.projection.js';

/** A database whose read models show what has happened to accounts, roles and service clients. */
export class RecordedAccounts {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [
      accounts,
      credentials,
      accountEndings,
      roleGrants,
      serviceClients,
    ]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedAccounts> {
    const entities = [AccountRow, CredentialsRow, AccountEndingRow, RoleGrantsRow, ServiceClientRow];
    const world = await ConnectedDatabase.create(entities);
    return new RecordedAccounts(world, await world.connect());
  }

  get rows(): TestDatabase {
    return this.world.rows;
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly object[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { streamField } = eventType(event.constructor);
      const streamId = (event as Record<string, string>)[streamField] as string;
      const version = this.#versions.get(streamId) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      await this.database.transaction((transaction) =>
        this.#projections.write(transaction, [{ streamId, version, events: [{ event, meta }] }]),
      );
      this.#versions.set(streamId, meta.version);
    }
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}
