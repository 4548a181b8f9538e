import { Logger } from '@nestjs/common';

import type { Projection } from '#kernel';

import { DatabaseClosed, isInfrastructure, isTransient, OutcomeUnknown } from '../database/errors.js';
import type { Held } from '../engine/engine.js';
import { insist } from '../engine/insist.js';
import { inSameCluster } from '../event-log/era.js';
import { atMost } from '../resilience/at-most.js';
import { Rebuild, type RebuildParts } from './rebuild.js';

/** Giving up waits so long, in milliseconds, for what is being written. */
const patience = 5_000;

/** Knows which projections of a context are to be built anew, and does it, one after the other. */
export class Rebuilder implements Held {
  readonly #log = new Logger(Rebuilder.name);
  #stopped = false;
  #registered = false;
  #working: Promise<void> | undefined;
  #rebuild: Rebuild | undefined;

  constructor(
    private readonly parts: RebuildParts,
    private readonly projections: readonly Projection[],
  ) {}

  async open(): Promise<void> {
    this.#look();
  }

  async poll(): Promise<void> {
    this.#look();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#rebuild?.stop();
    await atMost(patience, this.#working);
  }

  get closed(): boolean {
    return this.#stopped;
  }

  /** Nobody waits for it: a rebuild takes longer than whoever polls has time. */
  #look(): void {
    if (this.#stopped) return;
    this.#working ??= this.#work()
      .catch((error: unknown) => {
        if (!(error instanceof DatabaseClosed))
          this.#log.warn({ message: `projections could not be looked after: ${String(error)}. Trying on.` });
      })
      .finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    const { database, states } = this.parts;
    if (!this.#registered) {
      for (const projection of this.projections) await insist(database, () => this.#register(projection));
      this.#registered = true;
    }
    const projection = await states.asked(this.projections);
    if (projection && !this.#stopped && (await inSameCluster(database))) await this.#build(projection);
  }

  async #register(projection: Projection): Promise<void> {
    const { name, version } = projection;
    const found = await this.parts.states.register(projection);
    if (found > version)
      this.#log.warn({
        message: `${name} shows version ${found}, which a newer release has built; this one folds version ${version}. If that release does not come back, run "npm run cli -- projections rebuild ${name}".`,
      });
  }

  async #build(projection: Projection): Promise<void> {
    const { states } = this.parts;
    const { name, version } = projection;
    const run = await states.claim(projection);
    if (!run) return;
    const rebuild = (this.#rebuild = new Rebuild(this.parts, run));
    this.#log.log({ message: `${name} is built anew`, version, goes_on: run.resumable });
    const began = performance.now();
    try {
      const end = await rebuild.toItsEnd();
      if (end === 'stopped') await states.leave(run);
      if (end === 'done')
        this.#log.log({
          message: `${name} has been built anew`,
          version,
          seconds: (performance.now() - began) / 1_000,
        });
    } catch (error) {
      if (isInfrastructure(error) || isTransient(error) || error instanceof OutcomeUnknown) throw error;
      const message = error instanceof Error ? error.message : String(error);
      this.#log.error({
        message: `${name} could not be built anew: ${message}. The rows that are there stay. Deploy what puts it right, and run "npm run cli -- projections rebuild ${name}".`,
        stack: (error as Error).stack,
      });
      await rebuild.fail(message);
    } finally {
      this.#rebuild = undefined;
    }
  }
}
