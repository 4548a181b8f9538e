import { PasswordHashes } from '#contexts/auth/adapters/passwords/password-hashes.js';
import { demoAccounts } from '#contexts/auth/contract/index.js';
import { builtInTemplates } from '#contexts/notifications/contract/index.js';
import { builtInCategories } from '#contexts/tasks/contract/index.js';
import type { Settings } from '#platform/config/settings.js';

export interface Seed {
  readonly context: string;
  readonly commands: readonly object[];
}

/**
 * The built-in rows of all contexts: commands with fixed ids, which make each row once however often they are sent. In
 * production there are none whose passwords everybody knows.
 */
export async function seedsFor({ nodeEnv }: Pick<Settings, 'nodeEnv'>): Promise<readonly Seed[]> {
  const builtIn = [
    { context: 'notifications', commands: builtInTemplates },
    { context: 'tasks', commands: builtInCategories },
  ];
  if (nodeEnv === 'production') return builtIn;
  const hashes = new PasswordHashes();
  return [...builtIn, { context: 'auth', commands: await demoAccounts((password) => hashes.hash(password)) }];
}
