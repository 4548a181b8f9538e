import { describe, it } from '@jest/globals';

/** `short` fits into every test run; `full` has the counts and lengths of the guarantees. Chosen by FAULTS. */
export type FaultProfile = 'short' | 'full';

export const faultProfile: FaultProfile = process.env.FAULTS === 'full' ? 'full' : 'short';

/** What the profile asks for. */
export const profiled = <T>(choices: Readonly<Record<FaultProfile, T>>): T => choices[faultProfile];

/** What takes its time and has something quicker beside it that would fail too. */
export const itInFull = profiled({ short: it.skip, full: it });
export const describeInFull = profiled({ short: describe.skip, full: describe });
