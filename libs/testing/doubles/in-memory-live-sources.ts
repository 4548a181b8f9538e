import { eventType, newId, toWire } from '#kernel';
import { compareCursors, type LogCursor } from '#platform/event-log/cursor.js';
import type { FoundEvents, LoggedEvent } from '#platform/event-log/log-reader.js';
import type { ReaderParts } from '#platform/realtime/live-reader.js';
import type { After, SettledCommand, SettledPage } from '#platform/realtime/settled-commands.queries.js';

/** Commands that were settled, in memory. */
export class InMemorySettledCommands {
  readonly #rows: SettledCommand[] = [];
  /** Thrown by the next looks, while it is set. */
  trouble: Error | undefined;
  /** How often somebody has looked. */
  looks = 0;

  /** @param settledAt in milliseconds; it becomes visible now */
  settle(author: string, settledAt = Date.now(), more: Partial<SettledCommand> = {}): SettledCommand {
    const settled_at = new Date(settledAt);
    const command: SettledCommand = {
      id: newId(),
      author,
      type: 'store.fill_box.v1',
      resource_id: newId(),
      status: 'succeeded',
      accepted_at: settled_at,
      settled_at,
      settled: settled_at.toISOString(),
      attempts: 1,
      problem: null,
      result: { version: 1, created: true },
      era: null,
      xid: null,
      correlation_id: null,
      ...more,
    };
    this.#rows.push(command);
    return command;
  }

  async page(authors: readonly string[], { settled, id }: After, limit: number): Promise<SettledPage> {
    this.looks++;
    if (this.trouble) throw this.trouble;
    const placeOf = (row: SettledCommand): string => `${row.settled} ${row.id}`;
    const commands = this.#rows
      .filter((row) => authors.includes(row.author) && placeOf(row) > `${settled} ${id}`)
      .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
      .slice(0, limit);
    return { at: new Date(), commands };
  }
}

/** Events of a log in memory, all of them below the horizon. */
export class InMemoryLiveLog implements Pick<ReaderParts['log'], 'end' | 'ofTypes'> {
  readonly #events: LoggedEvent[] = [];

  append(event: object): LoggedEvent {
    const { name, streamField } = eventType(event.constructor);
    const logged: LoggedEvent = {
      cursor: { era: 1, xid: '1', position: String(this.#events.length + 1) },
      stream_type: 'store.box',
      stream_id: (event as Record<string, string>)[streamField] as string,
      version: this.#events.length + 1,
      type: name,
      data: toWire(event),
      metadata: { command_id: newId(), correlation_id: newId(), actor: 'somebody' },
      occurred_at: new Date(),
    };
    this.#events.push(logged);
    return logged;
  }

  async end(): Promise<LogCursor> {
    return this.#events.at(-1)?.cursor ?? { era: 0, xid: '0', position: '0' };
  }

  async ofTypes(cursor: LogCursor, limit: number, types: readonly string[]): Promise<FoundEvents> {
    const page = this.#events.filter((event) => compareCursors(event.cursor, cursor) > 0).slice(0, limit);
    const events = page.filter(({ type }) => types.includes(type));
    return { events, cursor: page.at(-1)?.cursor ?? cursor, looked: page.length, full: page.length === limit };
  }
}
