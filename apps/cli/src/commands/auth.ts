import type { Command } from 'commander';

import { LinkTokens, type LinkPurpose } from '#contexts/auth/adapters/links/link-tokens.js';
import { loadSettings, Settings } from '#platform/config/settings.js';
import type { Database } from '#platform/database/database.js';

import { Limit, withDatabase } from '../connections.js';
import type { Terminal } from '../terminal.js';

interface Outstanding {
  readonly user_id: string;
  readonly email: string;
  readonly request_id: string;
  readonly purpose: LinkPurpose;
  readonly expires_at: Date;
}

const outstanding = {
  name: 'auth_outstanding_links',
  text: `
    select account.id as user_id, email, request_id, purpose, expires_at
    from auth.accounts as account,
      jsonb_to_recordset(outstanding) as request(request_id uuid, purpose text, expires_at timestamptz)
    where expires_at > now() and ($1::text is null or email = lower($1))
    order by expires_at desc, request_id`,
};

export function addAuth(program: Command, terminal: Terminal): void {
  const auth = program.command('auth').helpGroup('Development:').description('help with signing in');

  auth
    .command('links')
    .description('print the tokens of links that would have been sent by e-mail; refused in production')
    .option('--email <address>', 'those of one account')
    .option('--json', 'answer in JSON')
    .action(async ({ email, json }: { email?: string; json?: true }) => {
      const settings = loadSettings(Settings, terminal.environment);
      if (settings.nodeEnv === 'production')
        throw new Error('A link lets anybody in who has it: with NODE_ENV=production, none is printed.');
      const links = await withDatabase(settings, new Limit(10), (database) =>
        read(database, new LinkTokens(settings.encryptionKeys), email),
      );
      if (json) terminal.say(JSON.stringify(links, undefined, 2));
      else if (links.length === 0) terminal.say('there are none: ask for one, then look again');
      else for (const { purpose, email: to, token } of links) terminal.say(`${purpose.padEnd(20)}${to}  ${token}`);
    });
}

async function read(database: Database, tokens: LinkTokens, email: string | undefined) {
  const rows = await database.query<Outstanding & Record<string, unknown>>(outstanding, [email]);
  return rows.map(({ user_id: userId, request_id: requestId, purpose, email: to, expires_at: expiresAt }) => ({
    purpose,
    email: to,
    user_id: userId,
    expires_at: expiresAt.toISOString(),
    token: tokens.make(purpose, { userId, requestId, expiresAt }),
  }));
}
