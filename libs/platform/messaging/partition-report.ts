/** What a worker says with each heartbeat of a partition that it consumes. */
export interface PartitionReport {
  /** When the oldest command that it has in hand was accepted; absent when it has none, or none that it could read. */
  readonly oldest?: Date;
  /**
   * It has nothing in hand, and so many milliseconds ago the queue was empty too, with no other consumer that might have
   * had something. Absent while that is not known.
   */
  readonly empty?: number;
  /** How many commands it has settled, parked or put aside since it took the partition. */
  readonly done: number;
}

/** The name of a partition in a heartbeat. */
export const reportKey = (context: string, count: number, partition: number): string =>
  `${context}.${count}.${partition}`;
