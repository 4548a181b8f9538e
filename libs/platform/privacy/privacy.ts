import type { Field } from '#kernel';

import type { Transaction } from '../database/database.js';
import { confidentialCommand, confidentialEvent, type Confidential } from './confidential-fields.js';
import { CannotOpen, keyIdOf, looksSealed, type Sealing, type SealingKey } from './sealing.js';
import { subjectOfKey, type SubjectKeys } from './subject-keys.js';

type WireData = Readonly<Record<string, unknown>>;

/** Keys of the people whom some messages are about. */
export type KeysOfSubjects = ReadonlyMap<string, SealingKey>;

/** An event as the log holds it. */
interface StoredEvent {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/**
 * What a message says in confidence, wherever it rests. On their way, `@Secret` and `@Personal` fields of commands are sealed
 * with the installation's keys; in the journal secrets are gone; in log and journal what is personal is sealed with the key
 * of the person.
 */
export class Privacy {
  constructor(
    private readonly sealing: Pick<Sealing, 'seal' | 'open'>,
    private readonly subjects: Pick<SubjectKeys, 'ensure' | 'find' | 'forget'>,
  ) {}

  /** A command's payload as it travels and waits. */
  sealCommand(type: string, wire: WireData): WireData {
    const fields = confidentialCommand(type);
    if (!fields) return wire;
    return replaced(wire, [...fields.secret, ...fields.personal], (value, name) =>
      this.sealing.seal(value, `${type} ${name}`),
    );
  }

  /**
   * A command's payload as its handler sees it.
   * @throws CannotOpen
   */
  openCommand(type: string, wire: WireData): WireData {
    const fields = confidentialCommand(type);
    if (!fields) return wire;
    return replaced(wire, [...fields.secret, ...fields.personal], (value, name) =>
      looksSealed(value) ? this.sealing.open(value, `${type} ${name}`) : value,
    );
  }

  /** The keys of the people, made where there are none yet. */
  keysOf(subjects: readonly string[]): Promise<KeysOfSubjects> {
    return this.subjects.ensure(subjects);
  }

  /** A command's payload as the journal keeps it: without secrets, and what is personal sealed for the person. */
  journalled(type: string, sealed: WireData, keys: KeysOfSubjects): WireData {
    const fields = confidentialCommand(type);
    if (!fields) return sealed;
    const rest = Object.fromEntries(
      Object.entries(this.openCommand(type, sealed)).filter(
        ([name]) => !fields.secret.some(({ wireName }) => wireName === name),
      ),
    );
    return sealedFor(keys, type, rest, fields);
  }

  /** An event's data as the log keeps it. */
  sealEvent(type: string, wire: WireData, keys: KeysOfSubjects): WireData {
    const fields = confidentialEvent(type);
    if (!fields) return wire;
    const closed = replaced(wire, fields.secret, (value, name) => this.sealing.seal(value, `${type} ${name}`));
    return sealedFor(keys, type, closed, fields);
  }

  /**
   * Stored events as folds see them. What is forgotten reads as an empty text, or null where the field allows that.
   * @throws CannotOpen
   */
  async openEvents<Stored extends StoredEvent>(rows: readonly Stored[]): Promise<readonly Stored[]> {
    if (!rows.some(holdsSealed)) return rows;
    const keys = await this.subjects.find(rows.flatMap(subjectsOf));
    return rows.map((row) => (holdsSealed(row) ? { ...row, data: this.#opened(row, keys) } : row));
  }

  #opened({ type, data }: StoredEvent, keys: KeysOfSubjects): Record<string, unknown> {
    const fields = confidentialEvent(type);
    const open = (name: string, value: unknown): unknown => {
      if (!looksSealed(value) || (fields && !named(fields, name))) return value;
      const subject = subjectOfKey(keyIdOf(value));
      try {
        if (subject === undefined) return this.sealing.open(value, `${type} ${name}`);
        const key = keys.get(subject);
        return key ? key.open(value, `${type} ${name}`) : blank(fields, name);
      } catch (error) {
        // A field of an event that only an older release knew may hold a text that merely looks so.
        if (error instanceof CannotOpen && !fields) return value;
        throw error;
      }
    };
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, open(name, value)]));
  }

  /** A text that nobody needs to look into where it rests. */
  sealText(text: string, purpose: string): string {
    return this.sealing.seal(text, purpose);
  }

  /**
   * @param stored what `sealText` made, or a text from before there were keys
   * @throws CannotOpen
   */
  openText(stored: string, purpose: string): string {
    return looksSealed(stored) ? (this.sealing.open(stored, purpose) as string) : stored;
  }

  /** Makes all that is sealed for these people unreadable, and ends what waits and is about them. */
  forget(transaction: Transaction, subjects: readonly string[]): Promise<void> {
    return this.subjects.forget(transaction, subjects);
  }
}

const absent = (): never => {
  throw new TypeError(
    'a message with @Secret or @Personal fields needs keys: hand a Privacy to what stores or reads it',
  );
};

/** For what never meets anything confidential. It refuses what is, rather than to leave it in the clear. */
export const withoutKeys = new Privacy(
  { seal: absent, open: absent },
  { ensure: absent, find: absent, forget: absent },
);

const named = ({ secret, personal }: Confidential, name: string): boolean =>
  [...secret, ...personal].some(({ wireName }) => wireName === name);

/** What is forgotten. */
const blank = (fields: Confidential | undefined, name: string): string | null =>
  fields?.personal.find(({ wireName }) => wireName === name)?.nullable ? null : '';

const holdsSealed = ({ data }: StoredEvent): boolean => Object.values(data).some(looksSealed);

const subjectsOf = ({ data }: StoredEvent): string[] =>
  Object.values(data)
    .filter(looksSealed)
    .flatMap((value) => subjectOfKey(keyIdOf(value)) ?? []);

function sealedFor(keys: KeysOfSubjects, type: string, wire: WireData, { personal, subject }: Confidential): WireData {
  const key = keys.get(wire[subject] as string);
  return replaced(wire, personal, (value, name) => (key ? key.seal(value, `${type} ${name}`) : ''));
}

/** A copy in which the fields that are there have another value. Null says nothing of anybody. */
function replaced(
  wire: WireData,
  fields: readonly Field[],
  change: (value: unknown, name: string) => unknown,
): WireData {
  const copy = { ...wire };
  for (const { wireName } of fields) {
    const value = copy[wireName];
    if (value !== undefined && value !== null) copy[wireName] = change(value, wireName);
  }
  return copy;
}
