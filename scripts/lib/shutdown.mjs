import { closeLaunches, endLaunched } from './processes.mjs';
import { say } from './screen.mjs';

const timeLimitMs = 9500;

/** What has to be undone at the end, however the end comes; in order of rank, equal ranks at the same time. */
export class Shutdown {
  #undoings = [];
  #running;

  /** Stops everything on Ctrl-C, on a closed terminal and on a polite kill; a second signal changes nothing. */
  onSignals(exitCode) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (!this.#running) say(`\n… Stopping (${signal === 'SIGINT' ? 'Ctrl-C' : signal})`);
        void this.exit(exitCode(signal));
      });
    }
  }

  get begun() {
    return this.#running !== undefined;
  }

  add(rank, undo) {
    this.#undoings.push({ rank, undo });
  }

  /** Undoes everything once, and ends the process with the first code that was asked for. */
  async exit(code) {
    this.#running ??= this.#undoAll().then(() => process.exit(code));
    await this.#running;
  }

  async #undoAll() {
    const deadline = Date.now() + timeLimitMs;
    closeLaunches();
    for (const rank of [...new Set(this.#undoings.map((undoing) => undoing.rank))].sort((a, b) => a - b)) {
      const undoings = this.#undoings.filter((undoing) => undoing.rank === rank);
      const graceMs = Math.max(1000, deadline - Date.now());
      const results = await Promise.allSettled(undoings.map(({ undo }) => undo({ graceMs })));
      for (const { reason } of results) if (reason) say(`  ${reason.message ?? reason}`);
    }
    await endLaunched(1000);
  }
}
