import { eventType, olderNames, type Projection } from '#kernel';

import type { LogCursor } from '../event-log/cursor.js';
import type { SharedEvent } from '../event-log/shared-event.js';
import type { SharedLog } from '../event-log/shared-log.js';
import type { LogEvent, LogPage } from './log-pages.js';

/** Others look at the same events. */
export interface SharedPage extends LogPage {
  readonly shared: true;
}

/** What of the log that a process reads for all its followers concerns one projection. */
export class SharedPages {
  /** What is before the version in the wire names of its events; undefined: all public ones. */
  readonly #nouns: ReadonlySet<string> | undefined;
  readonly #wanted = new Map<string, boolean>();

  constructor(
    projection: Projection,
    private readonly log: SharedLog,
  ) {
    const { types, every } = projection.fold;
    const names = types.map((type) => eventType(type).name);
    this.#nouns = every ? undefined : new Set(names.flatMap((name) => [name, ...olderNames(name)]).map(noun));
  }

  /** Undefined where only whoever reads for himself finds what lies beyond. */
  async beyond(cursor: LogCursor): Promise<SharedPage | undefined> {
    const stretch = await this.log.beyond(cursor);
    if (!stretch) return undefined;
    const wanted = stretch.events.filter((event) => this.#wants(event));
    if (this.#nouns) await this.log.open(wanted);
    return {
      events: this.#nouns ? wanted : wanted.map((event) => new SealedEvent(event)),
      scanned: stretch.events.length,
      end: stretch.events.at(-1)?.cursor,
      full: stretch.full,
      shared: true,
    };
  }

  #wants({ storedType, metadata }: SharedEvent): boolean {
    if (!this.#nouns) return !metadata.private;
    let wanted = this.#wanted.get(storedType);
    if (wanted === undefined) this.#wanted.set(storedType, (wanted = this.#nouns.has(noun(storedType))));
    return wanted;
  }
}

/** Folds of every event see it as it is stored. */
class SealedEvent implements LogEvent {
  constructor(readonly meta: SharedEvent) {}

  get cursor(): LogCursor {
    return this.meta.cursor;
  }

  read(): object {
    return this.meta.sealed;
  }
}

const noun = (name: string): string => name.replace(/\.v\d+$/, '');
