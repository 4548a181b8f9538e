import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { LinkTokens } from '#contexts/auth/adapters/links/link-tokens.js';
import {
  UserPasswordResetRequested,
  UserRegistered,
  UserVerificationRequested,
} from '#contexts/auth/contract/index.js';
import { RecordedAccounts } from '#contexts/auth/doubles/recorded-accounts.js';
import { newId } from '#kernel';
import { sharedServers } from '#testing/servers.js';

import { contextflow } from '../program.js';
import { Terminal } from '../terminal.js';

const encryptionKeys = 'test:an encryption key of more than 32 characters';
const hours = (n: number): string => new Date(Date.now() + n * 60 * 60 * 1_000).toISOString();

let recorded: RecordedAccounts;

beforeEach(async () => {
  recorded = await RecordedAccounts.create();
});
afterEach(() => recorded.remove());

async function run(line: string, environment: NodeJS.ProcessEnv = {}) {
  let [said, complained] = ['', ''];
  const terminal = new Terminal(
    (text) => (said += text),
    (text) => (complained += text),
    {
      NODE_ENV: 'test',
      DATABASE_URL: recorded.rows.url,
      RABBITMQ_URL: sharedServers().rabbitmqUrl,
      ENCRYPTION_KEYS: encryptionKeys,
      ...environment,
    },
  );
  return { code: await contextflow(line.split(' '), terminal), said, complained };
}

const reached = (name: string) => ({ email: `${name}@example.org`, username: name });

async function account(name: string): Promise<string> {
  const userId = newId();
  const registered = { userId, ...reached(name), name: '', source: 'password', emailVerified: false };
  await recorded.happened(hours(-1), new UserRegistered(registered));
  return userId;
}

describe('Links on the command line', () => {
  it('are those that are outstanding, with the tokens that the API takes', async () => {
    const [ada, bob] = [await account('ada'), await account('bob')];
    const [reset, verification] = [
      { userId: ada, ...reached('ada'), requestId: newId(), expiresAt: hours(1) },
      { userId: bob, ...reached('bob'), requestId: newId(), expiresAt: hours(24) },
    ];
    await recorded.happened(
      hours(0),
      new UserPasswordResetRequested(reset),
      new UserVerificationRequested(verification),
    );
    const { code, said } = await run('auth links --json');
    const links = JSON.parse(said) as { purpose: 'password_reset' | 'email_verification'; token: string }[];
    expect(code).toBe(0);
    expect(links).toMatchObject([
      { purpose: 'email_verification', email: 'bob@example.org', user_id: bob },
      { purpose: 'password_reset', email: 'ada@example.org', user_id: ada },
    ]);
    const tokens = new LinkTokens(encryptionKeys);
    expect(links.map(({ purpose, token }) => tokens.read(purpose, token, new Date())?.requestId)).toEqual([
      verification.requestId,
      reset.requestId,
    ]);
    expect((await run('auth links --email ADA@example.org')).said).toMatch(
      /^password_reset {6}ada@example\.org {2}[\w-]{51}\.[\w-]{43}\n$/,
    );
  });

  it('are none when they have expired', async () => {
    const userId = await account('ada');
    const requested = { userId, ...reached('ada'), requestId: newId(), expiresAt: hours(-0.5) };
    await recorded.happened(hours(-1), new UserPasswordResetRequested(requested));
    expect(await run('auth links')).toMatchObject({ code: 0, said: 'there are none: ask for one, then look again\n' });
  });

  it('are printed to nobody in production', async () => {
    const secrets = {
      ENVELOPE_KEYS: 'own:an envelope key of more than 32 characters',
      ENCRYPTION_KEYS: 'own:an encryption key of more than 32 characters',
    };
    const { code, said, complained } = await run('auth links', { NODE_ENV: 'production', ...secrets });
    expect([code, said]).toEqual([1, '']);
    expect(complained).toContain('production');
  });
});
