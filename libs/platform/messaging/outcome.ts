import type { Rejection } from './rejection.js';

/** What a command that succeeded did to the stream of its aggregate. */
export interface CommandResult {
  /** The aggregate's version after it. */
  readonly version: number;
  /** It opened the stream: the aggregate did not exist before. */
  readonly created: boolean;
}

/** How a command ended, as its inbox row tells. */
export interface Outcome {
  readonly status: 'succeeded' | 'rejected' | 'discarded';
  readonly problem: Rejection | null;
  readonly result: CommandResult | null;
  /** Where it stands in the log, for `Consistency-Token`; none where it is not known. */
  readonly position?: string;
}
