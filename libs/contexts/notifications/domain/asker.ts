import { AdminOnly } from '../contract/index.js';

/** Who asks for something to be done to a notification or a template. */
export interface Asker {
  readonly id: string;
  /** An administrator, or one of the system's own policies. */
  readonly inCharge: boolean;
}

/** @throws AdminOnly */
export function assertInCharge({ inCharge }: Asker): void {
  if (!inCharge) throw new AdminOnly();
}
