import type { Advice, LabourPhase } from './vocabulary.js';

/** What advice is made of. Only contractions that have ended count. */
export interface AdvisedLabour {
  readonly firstLabour: boolean;
  readonly phase: LabourPhase;
  readonly contractions: readonly { readonly startTime: string; readonly endTime: string | null }[];
}

export type Recommendations = Readonly<Record<Advice, boolean>>;

interface Regularity {
  /** How many of the latest contractions must be so. */
  readonly latest: number;
  /** Seconds that each of them lasts at least. */
  readonly lasting: number;
  /** Seconds from one start to the next at most. */
  readonly apart: number;
}

interface HospitalRule {
  readonly go: Regularity;
  readonly prepare: Regularity;
}

const second = 1_000;

/**
 * When to call and when to go, by rules of thumb that are taught to expectant parents. It is not medical advice.
 *
 * - Going to hospital: for a later labour "5-1-1" (contractions 5 minutes apart, each of 1 minute, for 1 hour), as the NHS
 *   ("Signs that labour has begun": regular, at least 60 seconds, every 5 minutes) and ACOG's patient pages have it; for
 *   the time, 6 contractions stand, about half an hour, because later labours are quicker. For a first labour "3-1-1": 20
 *   contractions 3 minutes apart are the hour.
 * - Preparing for it: the same regularity, seen for about a quarter of an hour.
 * - Calling the midwife: the NHS page's own limits, a contraction of more than 2 minutes, or 6 and more within 10 minutes.
 *
 * Gaps are measured from start to start.
 */
export class AdvicePolicy {
  readonly firstLabour: HospitalRule = {
    go: { latest: 20, lasting: 60, apart: 180 },
    prepare: { latest: 5, lasting: 60, apart: 180 },
  };
  readonly laterLabour: HospitalRule = {
    go: { latest: 6, lasting: 60, apart: 300 },
    prepare: { latest: 3, lasting: 60, apart: 300 },
  };
  /** A contraction of more seconds is a reason to call the midwife. */
  readonly longest = 120;
  /** So many that started within so many seconds are another. */
  readonly frequent = { count: 6, within: 600 };

  /** What is recommended at a time: nothing before a labour has begun, and after it. */
  for(labour: AdvisedLabour, now: Date): Recommendations {
    const { firstLabour, phase } = labour;
    const ended = phase === 'planned' || phase === 'complete' ? [] : endedByStart(labour);
    const { go, prepare } = firstLabour ? this.firstLabour : this.laterLabour;
    return {
      call_midwife: ended.some(({ length }) => length > this.longest * second) || this.#isFrequent(ended, now),
      prepare_for_hospital: isRegular(ended, prepare),
      go_to_hospital: isRegular(ended, go),
    };
  }

  #isFrequent(ended: readonly Span[], now: Date): boolean {
    const { count, within } = this.frequent;
    const since = now.getTime() - within * second;
    return ended.filter(({ start }) => start >= since).length >= count;
  }
}

export const advicePolicy = new AdvicePolicy();

/** Milliseconds. */
interface Span {
  readonly start: number;
  readonly length: number;
}

const endedByStart = ({ contractions }: AdvisedLabour): readonly Span[] =>
  contractions
    .flatMap(({ startTime, endTime }) =>
      endTime === null ? [] : [{ start: Date.parse(startTime), length: Date.parse(endTime) - Date.parse(startTime) }],
    )
    .sort((one, other) => one.start - other.start);

function isRegular(ended: readonly Span[], { latest, lasting, apart }: Regularity): boolean {
  if (ended.length < latest) return false;
  const spans = ended.slice(-latest);
  const gaps = spans.slice(1).map(({ start }, index) => start - (spans[index] as Span).start);
  return spans.every(({ length }) => length >= lasting * second) && gaps.every((gap) => gap <= apart * second);
}
