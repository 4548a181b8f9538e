import { builtInCategories } from '#contexts/tasks/contract/index.js';

export interface Seed {
  readonly context: string;
  readonly commands: readonly object[];
}

/** The built-in rows of all contexts: commands with fixed ids, which make each row once however often they are sent. */
export const seeds: readonly Seed[] = [{ context: 'tasks', commands: builtInCategories }];
