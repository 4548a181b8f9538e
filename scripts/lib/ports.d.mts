/** See ports.mjs. */
export function freePort(taken?: readonly number[]): Promise<number>;
