import type { Type } from '@nestjs/common';
import { bulkhead, TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';

import { commandType, reachOf, type Reach } from '#kernel';

import type { UnitOfWork } from './unit-of-work.js';

/** A handler that reaches outside was still waiting when its time was over. */
export class TookTooLong extends Error {}

/** Where @nestjs/cqrs keeps which command a class handles; it does not export the name. */
const handledCommand = '__commandHandler__';
/** So many of them run side by side in a worker; others wait for their turn. */
const mostAtOnce = 50;

/** The handlers of a worker that reach outside. */
export class OutsideHandlers {
  readonly #reaches = new Map<string, Reach>();
  readonly #turns = bulkhead(mostAtOnce, Number.MAX_SAFE_INTEGER);

  /** @param handlers classes of handlers, those that do not reach outside among them */
  constructor(handlers: readonly object[]) {
    for (const handler of handlers) {
      const reach = reachOf(handler);
      if (!reach) continue;
      const command = Reflect.getMetadata(handledCommand, handler) as object | undefined;
      if (!command) throw new TypeError(`${(handler as Type).name} handles no command: give it a @CommandHandler`);
      this.#reaches.set(commandType(command).name, reach);
    }
  }

  /** Whether the handler of that type of command is one. */
  has(type: string): boolean {
    return this.#reaches.has(type);
  }

  /** @throws TookTooLong */
  async run(unit: UnitOfWork, handle: () => Promise<unknown>): Promise<void> {
    const { type } = unit.envelope;
    const { deadline } = this.#reaches.get(type) as Reach;
    try {
      await this.#turns.execute(() =>
        timeout(deadline, TimeoutStrategy.Aggressive).execute(({ signal }) => {
          unit.signal = signal;
          return handle();
        }),
      );
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      throw new TookTooLong(
        `${type} did not end within ${deadline / 1000} s: find out what it waits for, and why it has no shorter limit of its own`,
        { cause: error },
      );
    }
  }
}
