import { Logger, type LoggerService } from '@nestjs/common';

/**
 * Keeps the platform's log off the terminal, where its answer is read by people and programs, and remembers the last
 * warning of each part: when a wait is over, it says why.
 */
export class LastWords implements LoggerService {
  readonly #words = new Map<string, string>();

  static listen(): LastWords {
    const words = new LastWords();
    Logger.overrideLogger(words);
    return words;
  }

  of(part: string): string | undefined {
    return this.#words.get(part);
  }

  log(): void {}

  warn(message: unknown, part: string): void {
    const text = typeof message === 'object' ? (message as { message?: unknown }).message : message;
    this.#words.set(
      part,
      String(text)
        .replace(/ Trying on\.$/, '')
        .replace('reached yet', 'reached'),
    );
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.warn(message, String(rest.at(-1)));
  }
}
