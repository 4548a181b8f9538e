import { Partitions } from '#platform/messaging/partitions.js';

import { SwitchableDatabase } from './switchable-database.js';

/** Partition counts that no database has to tell. */
export class FixedPartitions extends Partitions {
  constructor(private readonly fixed: ReadonlyMap<string, number>) {
    super(new SwitchableDatabase(), [...fixed.keys()], 1);
  }

  override async counts(): Promise<ReadonlyMap<string, number>> {
    return this.fixed;
  }

  override async refresh(): Promise<void> {}

  override async whileUnchanged(context: string, work: (count: number) => Promise<void>): Promise<boolean> {
    const count = this.fixed.get(context);
    if (count !== undefined) await work(count);
    return count !== undefined;
  }

  override get known(): ReadonlyMap<string, number> {
    return this.fixed;
  }
}
