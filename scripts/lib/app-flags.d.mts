/** See app-flags.mjs. */
export const appFlags: readonly string[];
