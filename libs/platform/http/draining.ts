import { setTimeout as delay } from 'node:timers/promises';

import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';

/** How long open connections are given, in milliseconds, to carry one more answer, which tells their client to leave. */
const grace = 500;

/** The end of the API begins: it is not ready any more, and asks clients to close their connections, before it closes them. */
@Injectable()
export class Draining implements OnModuleDestroy, BeforeApplicationShutdown {
  #begun = false;

  get begun(): boolean {
    return this.#begun;
  }

  onModuleDestroy(): void {
    this.#begun = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await delay(grace);
  }
}
