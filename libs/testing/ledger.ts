/** What a client wants: one command under one `Idempotency-Key`, however often it is sent. */
export interface Intent {
  readonly key: string;
  readonly userId: string;
  /** Default: POST. */
  readonly method?: 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
}

/**
 * What came of sending it once.
 * - `ok`: accepted (202).
 * - `failed`: certainly not accepted.
 * - `unknown`: accepted once or not at all; nobody said.
 */
export interface Attempt {
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** 0: no answer. */
  readonly status: number;
  readonly commandId?: string;
  readonly resourceId?: string;
  /** Media type of the answer. */
  readonly contentType?: string;
  readonly detail?: string;
}

export interface Entry {
  readonly intent: Intent;
  readonly attempts: readonly Attempt[];
}

/** An entry that was answered 202, as it was answered first. */
export interface AcceptedEntry {
  readonly entry: Entry;
  readonly commandId: string;
  /** The lane, for a task. */
  readonly resourceId: string;
}

/** What the clients of a test were told. It is written before anybody looks at what the servers know. */
export class Ledger {
  readonly #entries = new Map<string, { intent: Intent; attempts: Attempt[] }>();
  readonly #accepted: AcceptedEntry[] = [];

  record(intent: Intent, attempt: Attempt): void {
    const entry = this.#entries.get(intent.key) ?? { intent, attempts: [] };
    this.#entries.set(intent.key, entry);
    const isFirst = attempt.outcome === 'ok' && !entry.attempts.some(({ outcome }) => outcome === 'ok');
    entry.attempts.push(attempt);
    if (!isFirst) return;
    if (!attempt.commandId || !attempt.resourceId) throw new Error(`202 without ids: ${JSON.stringify(attempt)}`);
    this.#accepted.push({ entry, commandId: attempt.commandId, resourceId: attempt.resourceId });
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** In the order of their 202s. */
  get accepted(): readonly AcceptedEntry[] {
    return this.#accepted;
  }

  /** Those of which nobody knows whether they were accepted. */
  get unresolved(): readonly Entry[] {
    return this.entries.filter(
      ({ attempts }) =>
        attempts.some(({ outcome }) => outcome === 'unknown') && !attempts.some(({ outcome }) => outcome === 'ok'),
    );
  }

  /** How often each status was answered; 0 stands for no answer. */
  get answers(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const { attempts } of this.entries)
      for (const { status } of attempts) counts.set(status, (counts.get(status) ?? 0) + 1);
    return counts;
  }
}
