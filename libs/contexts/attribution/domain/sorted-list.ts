type Order<T> = (a: T, b: T) => number;
type Chunk<T> = readonly T[];

const mostInChunk = 256;

/**
 * Never changes: each change makes another list, which shares all chunks but one or two with this one. So an aggregate of
 * very many items is replayed without copying all of them at each event, and a state that is given up leaves the one
 * before as it was.
 */
export class SortedList<T> implements Iterable<T> {
  readonly #order: Order<T>;
  readonly #chunks: readonly Chunk<T>[];

  private constructor(order: Order<T>, chunks: readonly Chunk<T>[]) {
    this.#order = order;
    this.#chunks = chunks;
  }

  static by<T>(order: Order<T>): SortedList<T> {
    return new SortedList(order, []);
  }

  /** None of them is empty; what has not changed is the same object in the list before. */
  get chunks(): readonly Chunk<T>[] {
    return this.#chunks;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  toArray(): readonly T[] {
    return this.#chunks.flat();
  }

  find(matches: (item: T) => boolean): T | undefined {
    for (const chunk of this.#chunks) {
      const at = chunk.findIndex(matches);
      if (at !== -1) return chunk[at];
    }
    return undefined;
  }

  /** Behind those that are equal by the order. */
  with(item: T): SortedList<T> {
    const later = (each: T): boolean => this.#order(each, item) > 0;
    const last = this.#chunks.at(-1);
    if (!last || !later(last.at(-1) as T)) return this.#appended(item);
    const index = firstOf(this.#chunks, (chunk) => later(chunk.at(-1) as T));
    const chunk = this.#chunks[index] as Chunk<T>;
    const grown = chunk.toSpliced(firstOf(chunk, later), 0, item);
    return this.#replaced(index, grown.length > mostInChunk ? halves(grown) : [grown]);
  }

  /** All but the first that matches; this list itself if none does. */
  without(matches: (item: T) => boolean): SortedList<T> {
    for (const [index, chunk] of this.#chunks.entries()) {
      const at = chunk.findIndex(matches);
      if (at !== -1) return this.#replaced(index, chunk.length === 1 ? [] : [chunk.toSpliced(at, 1)]);
    }
    return this;
  }

  /** Leaves full chunks behind, since what comes in order never comes back to them. */
  #appended(item: T): SortedList<T> {
    const last = this.#chunks.at(-1);
    return last && last.length < mostInChunk
      ? this.#replaced(this.#chunks.length - 1, [[...last, item]])
      : new SortedList(this.#order, [...this.#chunks, [item]]);
  }

  #replaced(index: number, chunks: readonly Chunk<T>[]): SortedList<T> {
    return new SortedList(this.#order, this.#chunks.toSpliced(index, 1, ...chunks));
  }
}

/** Where the first is that holds for all behind it, too. */
function firstOf<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const halves = <T>(chunk: Chunk<T>): readonly Chunk<T>[] => [
  chunk.slice(0, chunk.length >>> 1),
  chunk.slice(chunk.length >>> 1),
];
