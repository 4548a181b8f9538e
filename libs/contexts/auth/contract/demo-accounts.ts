import { derivedId } from '#kernel';

import { RegisterUser } from './registration-commands.js';
import { GrantRole } from './role-commands.js';
import { VerifyUser } from './verification-commands.js';
import { rolesId } from './vocabulary.js';

/** Two people to try the system with. Their passwords are in the documentation: never for production. */
export const demoLogins = [
  { email: 'admin@contextflow.local', username: 'admin', name: 'Admin', password: 'contextflow-admin' },
  { email: 'demo@contextflow.local', username: 'demo', name: 'Demo', password: 'contextflow-demo' },
] as const;

/**
 * The commands that make the demonstration's accounts, in their order for each account. Their ids are fixed, so that making
 * them again changes nothing.
 */
export async function demoAccounts(hash: (password: string) => string | Promise<string>): Promise<readonly object[]> {
  const accounts = await Promise.all(
    demoLogins.map(async ({ password, ...details }) => {
      const userId = derivedId('auth.demo_account', details.email);
      return { userId, ...details, passwordHash: await hash(password) };
    }),
  );
  const [admin] = accounts;
  return [
    ...accounts.map((account) => new RegisterUser(account)),
    ...accounts.map(({ userId }) => new VerifyUser({ userId })),
    ...(admin ? [new GrantRole({ rolesId, userId: admin.userId, role: 'admin' })] : []),
  ];
}
