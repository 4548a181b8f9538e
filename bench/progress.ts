import { Presets, SingleBar } from 'cli-progress';

/** Tells how far a row is: by a bar on a terminal, else by nothing but the row's end. */
export class Progress {
  #bar: SingleBar | undefined;
  #began = 0;

  begin(name: string): void {
    this.#began = performance.now();
    if (!process.stdout.isTTY) return;
    const format = `  ${name.padEnd(18)} {bar} {duration_formatted} {step}`;
    this.#bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true, barsize: 20 }, Presets.rect);
    this.#bar.start(1, 0, { step: '' });
  }

  /** @param done from 0 to 1 */
  tell(done: number, step: string): void {
    this.#bar?.update(done, { step });
  }

  end(name: string, text: string): void {
    this.#bar?.stop();
    this.#bar = undefined;
    const seconds = ((performance.now() - this.#began) / 1_000).toFixed(1);
    process.stdout.write(`  ${name.padEnd(18)} ${text} (${seconds} s)\n`);
  }
}
