/** Tells the broker that a delivery is done with; `upTo` that all before it are, too (`basic.ack`, `multiple`). */
export type Acknowledge = (tag: number, upTo: boolean) => void;

/**
 * Acknowledges the deliveries of a channel that are settled in one turn of the event loop together: with one message for
 * all up to the last before which nothing is missing, where each of its own would be work for both sides. Tags count a
 * channel's deliveries from 1 on.
 */
export class GatheredAcknowledgements {
  /** All deliveries up to this one are settled. */
  #complete = 0;
  /** Settled beyond it. */
  readonly #beyond = new Set<number>();
  #untold: number[] = [];

  constructor(private readonly acknowledge: Acknowledge) {}

  settle(tag: number): void {
    if (this.#untold.push(tag) === 1) setImmediate(() => this.tell());
  }

  /** Without waiting for the end of the turn. */
  tell(): void {
    const tags = this.#untold.sort((one, other) => one - other);
    this.#untold = [];
    for (const tag of tags) this.#beyond.add(tag);
    while (this.#beyond.delete(this.#complete + 1)) this.#complete++;
    const gathered = tags.findLast((tag) => tag <= this.#complete);
    if (gathered !== undefined) this.acknowledge(gathered, true);
    for (const tag of tags) if (tag > this.#complete) this.acknowledge(tag, false);
  }
}
