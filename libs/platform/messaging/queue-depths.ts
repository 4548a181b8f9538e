/** How a partition's queue stands. */
export interface QueueDepth {
  readonly context: string;
  readonly partition: number;
  /** Messages that wait in the broker: those delivered and not acknowledged are not among them. */
  readonly ready: number;
  readonly consumers: number;
}

/** Looks at the queues of all contexts, whether a worker lives or not. */
export abstract class QueueDepths {
  /**
   * Queues that do not exist are left out.
   * @throws Error while the broker cannot be reached
   */
  abstract read(): Promise<readonly QueueDepth[]>;
}
