import type { ContractionRecord, LabourPhase, LabourRecord } from '../contract/index.js';

/** A contraction that has ended, in milliseconds. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly intensity: number | null;
}

export interface Pattern {
  readonly average_duration_minutes: number;
  /** Of those that have one. */
  readonly average_intensity: number | null;
  /** From the end of one to the start of the next. */
  readonly average_interval_minutes: number;
  readonly phase: LabourPhase;
}

export interface WindowStatistics {
  readonly contraction_count: number;
  /** Seconds. */
  readonly average_duration: number;
  readonly average_intensity: number | null;
  /** Seconds from start to start; 0 with one contraction. */
  readonly average_frequency: number;
}

export interface Statistics {
  readonly last_30_mins: WindowStatistics | null;
  readonly last_60_mins: WindowStatistics | null;
  readonly total: WindowStatistics | null;
}

const fewest = 3;
const minute = 60_000;

/** How the three latest contractions were that have ended, each number with one decimal; null with fewer. */
export function patternOf({ contractions, phase }: Pick<LabourRecord, 'contractions' | 'phase'>): Pattern | null {
  const latest = endedByStart(contractions).slice(-fewest);
  if (latest.length < fewest) return null;
  return {
    average_duration_minutes: toTenths(mean(latest.map(lengthOf)) / minute),
    average_intensity: intensityOf(latest, toTenths),
    average_interval_minutes: toTenths(mean(gaps(latest, ({ end }) => end)) / minute),
    phase,
  };
}

/** Of all contractions that have ended, and of those that started in the last half hour and hour. */
export function statisticsOf(contractions: readonly ContractionRecord[], now: Date): Statistics {
  const ended = endedByStart(contractions);
  if (ended.length < fewest) return { last_30_mins: null, last_60_mins: null, total: null };
  const since = (minutes: number): readonly Span[] =>
    ended.filter(({ start }) => start >= now.getTime() - minutes * minute);
  return { last_30_mins: windowOf(since(30)), last_60_mins: windowOf(since(60)), total: windowOf(ended) };
}

function windowOf(spans: readonly Span[]): WindowStatistics | null {
  if (spans.length === 0) return null;
  const frequencies = gaps(spans, ({ start }) => start);
  return {
    contraction_count: spans.length,
    average_duration: toThousandths(mean(spans.map(lengthOf)) / 1_000),
    average_intensity: intensityOf(spans, toThousandths),
    average_frequency: frequencies.length === 0 ? 0 : toThousandths(mean(frequencies) / 1_000),
  };
}

const endedByStart = (contractions: readonly ContractionRecord[]): readonly Span[] =>
  contractions
    .flatMap(({ startTime, endTime, intensity }) =>
      endTime === null ? [] : [{ start: Date.parse(startTime), end: Date.parse(endTime), intensity }],
    )
    .sort((one, other) => one.start - other.start);

const lengthOf = ({ start, end }: Span): number => end - start;

/** Milliseconds from each, as `from` has it, to the start of the next. */
const gaps = (spans: readonly Span[], from: (span: Span) => number): readonly number[] =>
  spans.slice(1).map(({ start }, index) => start - from(spans[index] as Span));

function intensityOf(spans: readonly Span[], rounded: (value: number) => number): number | null {
  const intensities = spans.flatMap(({ intensity }) => (intensity === null ? [] : [intensity]));
  return intensities.length === 0 ? null : rounded(mean(intensities));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

// Half goes up. The small part more is less than what a millisecond changes, and more than what binary fractions lose.
const toTenths = (value: number): number => Math.round(value * 10 + 1e-9) / 10;
const toThousandths = (value: number): number => Math.round(value * 1_000 + 1e-9) / 1_000;
