import { LabourPhases, type LabourPhase, type LabourRecord } from '../contract/index.js';

interface Ended {
  readonly startTime: string;
  /** Milliseconds. */
  readonly length: number;
  readonly intensity: number;
}

const minute = 60_000;

/**
 * How strong and long contractions are on average when a phase has come, the later phase first. A rule of thumb after the
 * usual stages of labour: active labour has strong contractions of about a minute, transition the strongest, of 60 to 90
 * seconds and more. Pushing is told by hand.
 */
export const phaseProgression = {
  /** How many of the latest contractions are asked. */
  latest: 3,
  steps: [
    { phase: 'transition', intensity: 8, length: 1.5 * minute },
    { phase: 'active', intensity: 6, length: 1 * minute },
  ],
} as const;

/** The phase that the latest contractions speak of, if the labour is not that far yet. */
export function nextPhase({
  phase,
  contractions,
}: Pick<LabourRecord, 'phase' | 'contractions'>): LabourPhase | undefined {
  const { latest, steps } = phaseProgression;
  const ended = contractions.flatMap(endedOnes).sort((one, other) => (one.startTime < other.startTime ? -1 : 1));
  const last = ended.slice(-latest);
  if (last.length < latest) return undefined;
  const reached = steps.find(
    ({ intensity, length }) =>
      total(last.map((one) => one.intensity)) >= intensity * latest &&
      total(last.map((one) => one.length)) >= length * latest,
  );
  return reached && isBefore(phase, reached.phase) ? reached.phase : undefined;
}

const endedOnes = ({ startTime, endTime, intensity }: LabourRecord['contractions'][number]): readonly Ended[] =>
  endTime === null || intensity === null
    ? []
    : [{ startTime, length: Date.parse(endTime) - Date.parse(startTime), intensity }];

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const isBefore = (phase: LabourPhase, other: LabourPhase): boolean =>
  LabourPhases.indexOf(phase) < LabourPhases.indexOf(other);
