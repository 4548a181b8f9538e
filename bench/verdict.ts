import type { Figures, Goal, Row } from './row.js';
import { ratios, summary, type Summary } from './statistics.js';

/** A goal, and how far it was reached. */
export interface Verdict {
  readonly goal: Goal;
  /** The figure itself, or as a multiple of its reference's. */
  readonly reached: Summary;
  readonly met: boolean;
}

/** A row with what came of it. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly notes: readonly string[];
  readonly figures: Figures;
  readonly verdicts: readonly Verdict[];
  /** Why there are no figures. */
  readonly failure?: string;
}

/** @throws Error when a goal is about somebody who was not measured */
export function resultOf({ name, title, unit, notes, goals }: Row, figures: Figures): Result {
  return { name, title, unit, notes, figures, verdicts: goals.map((goal) => verdict(goal, figures)) };
}

/** A row that has ended without figures. */
export function failureOf({ name, title, unit, notes }: Row, error: unknown): Result {
  const failure = error instanceof Error ? error.message : String(error);
  return { name, title, unit, notes, figures: {}, verdicts: [], failure };
}

function verdict(goal: Goal, figures: Figures): Verdict {
  const values = seriesOf(figures, goal.of);
  const reached = summary(goal.against === undefined ? values : ratios(values, seriesOf(figures, goal.against)));
  const { atLeast = -Infinity, atMost = Infinity } = goal;
  return { goal, reached, met: reached.median >= atLeast && reached.median <= atMost };
}

function seriesOf(figures: Figures, name: string): readonly number[] {
  const series = figures[name];
  if (!series) throw new Error(`a goal is about "${name}", but only ${Object.keys(figures).join(', ')} were measured`);
  return series;
}
