import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import jwt from 'jsonwebtoken';

import { OpenIdProvider, type ProviderPerson } from '#testing/openid-provider.js';
import { freePort } from '#testing/ports.js';

import type { ProviderAnswer, SignInAttempt } from './identity-provider.js';
import { OpenIdConnectProvider, type OpenIdConnectOptions } from './openid-connect-provider.js';

const ada = {
  sub: '108204268033311374519',
  email: 'Ada@Example.org',
  email_verified: true,
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
};
const attempt = (letter: string): SignInAttempt => ({
  state: `state-${letter.repeat(37)}`,
  nonce: `nonce-${letter.repeat(37)}`,
  codeVerifier: `verifier-${letter.repeat(34)}`,
});

let local: OpenIdProvider;
let google: OpenIdConnectProvider;

const connectedTo = (issuer: string, options: Partial<OpenIdConnectOptions> = {}): OpenIdConnectProvider =>
  new OpenIdConnectProvider({
    name: 'google',
    issuer,
    clientId: local.clientId,
    clientSecret: local.clientSecret,
    redirectUri: local.redirectUri,
    production: false,
    settings: ['OIDC_GOOGLE_CLIENT_ID', 'OIDC_GOOGLE_CLIENT_SECRET'],
    ...options,
  });

/** What the browser of somebody brings back. */
async function answered(
  { state, nonce, codeVerifier }: SignInAttempt,
  { person = ada, change = () => undefined }: { person?: ProviderPerson; change?: (url: URL) => void } = {},
): Promise<ProviderAnswer> {
  const url = await google.authorizationUrl({ state, nonce, codeVerifier });
  change(url);
  const { searchParams } = await local.signIn(url, person);
  expect(searchParams.get('state')).toBe(state);
  return { code: String(searchParams.get('code')), issuer: searchParams.get('iss') ?? undefined };
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  local = await OpenIdProvider.start();
  google = connectedTo(local.issuer);
});
afterEach(() => {
  local.tamper(undefined);
  local.fail(undefined);
});
afterAll(() => local?.close());

describe('The browser of somebody who wants to sign in', () => {
  it('is sent to the provider with state, nonce and the hash of the verifier, never the verifier', async () => {
    const url = await google.authorizationUrl(attempt('a'));
    expect(url.origin).toBe(local.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: local.clientId,
      response_type: 'code',
      redirect_uri: local.redirectUri,
      scope: 'openid email profile',
      state: attempt('a').state,
      nonce: attempt('a').nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(url.href).not.toContain(attempt('a').codeVerifier);
  });

  it('brings back a code for who they are, in our words', async () => {
    expect(await google.exchange(await answered(attempt('b')), attempt('b'))).toEqual({
      provider: 'google',
      subject: ada.sub,
      email: 'ada@example.org',
      emailVerified: true,
      name: 'Ada Lovelace',
      firstName: 'Ada',
      lastName: 'Lovelace',
    });
  });

  it('may bring back a person without names, or whose address nobody has verified', async () => {
    const bob = { sub: 'bob', email: 'bob@example.org', email_verified: false };
    const identity = await google.exchange(await answered(attempt('c'), { person: bob }), attempt('c'));
    expect(identity).toMatchObject({ subject: 'bob', emailVerified: false });
    expect([identity.name, identity.firstName, identity.lastName]).toEqual([undefined, undefined, undefined]);
  });

  it('is of no use when the person shows no address', async () => {
    const answer = await answered(attempt('d'), { person: { sub: 'eve' } });
    await expect(google.exchange(answer, attempt('d'))).rejects.toMatchObject({ reason: 'oauth_profile_incomplete' });
  });
});

describe('A code', () => {
  const refused = { kind: 'unauthorized', reason: 'oauth_exchange_failed' };

  it('is good once', async () => {
    const answer = await answered(attempt('e'));
    await google.exchange(answer, attempt('e'));
    await expect(google.exchange(answer, attempt('e'))).rejects.toMatchObject(refused);
  });

  it('that nobody has issued is refused', async () => {
    await expect(google.exchange({ code: 'made-up', issuer: local.issuer }, attempt('f'))).rejects.toMatchObject(
      refused,
    );
  });

  it('is refused with the verifier of another attempt', async () => {
    const answer = await answered(attempt('g'));
    const { codeVerifier } = attempt('h');
    await expect(google.exchange(answer, { ...attempt('g'), codeVerifier })).rejects.toMatchObject(refused);
  });

  it('is refused when its ID token has the nonce of another attempt', async () => {
    const answer = await answered(attempt('i'), { change: (url) => url.searchParams.set('nonce', attempt('j').nonce) });
    await expect(google.exchange(answer, attempt('i'))).rejects.toMatchObject(refused);
  });

  it('is refused when its ID token has no nonce', async () => {
    const answer = await answered(attempt('k'), { change: (url) => url.searchParams.delete('nonce') });
    await expect(google.exchange(answer, attempt('k'))).rejects.toMatchObject(refused);
  });

  it.each(['https://accounts.google.com', ''])('is refused when it comes from another issuer: "%s"', async (issuer) => {
    const { code } = await answered(attempt('l'));
    await expect(google.exchange({ code, issuer }, attempt('l'))).rejects.toMatchObject(refused);
  });

  it('is refused without its issuer by whoever has said to name it', async () => {
    const { code } = await answered(attempt('m'));
    await expect(google.exchange({ code }, attempt('m'))).rejects.toMatchObject(refused);
  });
});

describe('An ID token', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const read = (token: string): jwt.JwtPayload => jwt.decode(token) as jwt.JwtPayload;
  const signed = (claims: object, header: object = { kid: 'first' }): string =>
    jwt.sign(claims, privateKey, { algorithm: 'RS256', header: { alg: 'RS256', ...header } });
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

  it.each<[string, (token: string) => string]>([
    ['that was changed', (token) => token.replace(/\.[^.]+\./, `.${encoded({ ...read(token), sub: 'eve' })}.`)],
    ['that was signed with another key', (token) => signed(read(token))],
    ['that was signed with a key that the provider does not name', (token) => signed(read(token), { kid: 'mine' })],
    ['that is not signed', (token) => `${encoded({ alg: 'none' })}.${encoded(read(token))}.`],
    [
      'that was signed with the secret of the client',
      (token) => jwt.sign(read(token), local.clientSecret, { algorithm: 'HS256' }),
    ],
    ['without a signature', (token) => token.replace(/[^.]+$/, '')],
    ['that is none', () => 'nonsense'],
  ])('%s is refused', async (_, tampering) => {
    const answer = await answered(attempt('n'));
    local.tamper(tampering);
    await expect(google.exchange(answer, attempt('n'))).rejects.toMatchObject({ reason: 'oauth_exchange_failed' });
  });

  it('that is as it should be is taken', async () => {
    const answer = await answered(attempt('o'));
    local.tamper((token) => token);
    expect(await google.exchange(answer, attempt('o'))).toMatchObject({ subject: ada.sub });
  });
});

describe('A provider', () => {
  const refusedBy = (provider: OpenIdConnectProvider): Promise<unknown> =>
    provider.authorizationUrl(attempt('p')).catch((error: { details?: unknown }) => error.details);

  it('is not asked before somebody wants to sign in, and then once', async () => {
    const before = local.asked.length;
    const another = connectedTo(local.issuer);
    expect(local.asked).toHaveLength(before);
    await Promise.all([another.authorizationUrl(attempt('q')), another.authorizationUrl(attempt('r'))]);
    expect(local.asked.slice(before)).toEqual(['/.well-known/openid-configuration']);
  });

  it('that is not configured says what to set', async () => {
    expect(await refusedBy(connectedTo(local.issuer, { clientSecret: '' }))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'provider_not_configured',
      detail: expect.stringContaining('OIDC_GOOGLE_CLIENT_ID and OIDC_GOOGLE_CLIENT_SECRET'),
    });
  });

  it('that is away is tried again by the next who comes', async () => {
    const another = connectedTo(local.issuer);
    local.fail(503);
    expect(await refusedBy(another)).toMatchObject({ code: 'UNAVAILABLE', reason: 'provider_unavailable' });
    local.fail(undefined);
    expect((await another.authorizationUrl(attempt('s'))).origin).toBe(local.issuer);
  });

  it('that goes away before it confirms the code is said to be away', async () => {
    const answer = await answered(attempt('t'));
    local.fail(500);
    await expect(google.exchange(answer, attempt('t'))).rejects.toMatchObject({
      details: { reason: 'provider_unavailable' },
    });
  });

  it('that does not listen is said to be away', async () => {
    const nobody = connectedTo(`http://127.0.0.1:${await freePort()}`);
    expect(await refusedBy(nobody)).toMatchObject({ reason: 'provider_unavailable' });
  });

  it('that does not answer is said to be away, and left alone after a few attempts', async () => {
    let asked = 0;
    const silent = createServer(() => asked++).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const { port } = silent.address() as AddressInfo;
      const nobody = connectedTo(`http://127.0.0.1:${port}`, { patience: 100 });
      for (let n = 0; n < 6; n++) expect(await refusedBy(nobody)).toMatchObject({ reason: 'provider_unavailable' });
      expect(asked).toBe(5);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('that is another one than its metadata say is not used', async () => {
    const issuer = local.issuer.replace('127.0.0.1', 'localhost');
    expect(await refusedBy(connectedTo(issuer))).toMatchObject({ reason: 'provider_unavailable' });
  });

  it('is never spoken to without TLS in production', async () => {
    const before = local.asked.length;
    expect(await refusedBy(connectedTo(local.issuer, { production: true }))).toMatchObject({
      reason: 'provider_unavailable',
    });
    expect(local.asked).toHaveLength(before);
  });
});
