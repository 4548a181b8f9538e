/** Names of exchanges, queues and routing keys. A prefix lets several installations share a broker. */
export class Topology {
  constructor(private readonly prefix = '') {}

  /** Direct exchange that commands are published to, with `routingKey`. */
  get commands(): string {
    return this.#named('contextflow.commands');
  }

  /** Where the broker puts what it gives up on. */
  get deadLetters(): string {
    return this.#named('contextflow.dead-letters');
  }

  /** Topic exchange that public events are published to, by type. */
  get events(): string {
    return this.#named('contextflow.events');
  }

  /** The queue of a context's policies. */
  eventQueue(context: string): string {
    return this.#named(`${context}.events`);
  }

  queue(context: string, count: number, partition: number): string {
    return this.#named(`${context}.commands.${count}.${partition}`);
  }

  routingKey(context: string, count: number, partition: number): string {
    return `${context}.${count}.${partition}`;
  }

  #named(name: string): string {
    return this.prefix ? `${this.prefix}.${name}` : name;
  }
}
