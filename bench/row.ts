import type { Workbench } from './workbench.js';

/** What a series of figures is to reach: by itself, or as a multiple of another series of the same rounds. */
export interface Goal {
  readonly of: string;
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure a round, by the name of whoever it is of. */
export type Figures = Readonly<Record<string, readonly number[]>>;

/** One line of the table. */
export interface Row {
  readonly name: string;
  /** What is measured, in a few words. */
  readonly title: string;
  readonly unit: string;
  readonly goals: readonly Goal[];
  /** What is to be known for reading the figures. */
  readonly notes: readonly string[];
  /** It takes too long for `--quick`. */
  readonly slow?: boolean;
  measure(bench: Workbench): Promise<Figures>;
}

/** In whose name ContextFlow's own figures stand. */
export const contextFlow = 'ContextFlow';

/** Takes each of them in turn, round by round, so that all meet the same moods of the machine. */
export async function interleaved(
  bench: Workbench,
  contestants: Readonly<Record<string, () => Promise<number>>>,
): Promise<Figures> {
  const figures = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 1; round <= bench.rounds; round++)
    for (const [name, run] of Object.entries(contestants))
      figures.get(name)?.push(await bench.step(`${name}, round ${round} of ${bench.rounds}`, run));
  return Object.fromEntries(figures);
}
