import { AdminOnly } from '../contract/index.js';

/** Who asks for something to be done to an account. */
export interface Asker {
  readonly id: string;
  readonly asAdmin: boolean;
}

/** @throws AdminOnly */
export function assertAdmin({ asAdmin }: Asker): void {
  if (!asAdmin) throw new AdminOnly();
}
