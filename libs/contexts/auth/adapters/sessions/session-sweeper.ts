import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

import { Sessions } from './sessions.js';

const hour = 60 * 60 * 1_000;

/** Forgets old sessions now and then. */
@Injectable()
export class SessionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(SessionSweeper.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly sessions: Sessions) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#sweep(), hour).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    try {
      await this.sessions.sweep();
    } catch (error) {
      this.#log.warn({ message: 'old sessions could not be forgotten: trying again in an hour', error: String(error) });
    }
  }
}
