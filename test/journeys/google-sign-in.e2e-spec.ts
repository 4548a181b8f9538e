import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Browser } from '#testing/browser.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { OpenIdProvider, type ProviderPerson } from '#testing/openid-provider.js';

let lab: Lab;
let google: OpenIdProvider;
let http: HttpClient;

beforeAll(async () => {
  google = await OpenIdProvider.start();
  lab = await Lab.open();
  const [api] = await Promise.all([lab.api(google.settings), lab.worker()]);
  http = new HttpClient(api.port);
});
afterAll(async () => {
  http?.close();
  await lab?.close();
  await google?.close();
});

/** Somebody of whom we have never heard. */
function stranger(fields: Partial<ProviderPerson> = {}): ProviderPerson {
  const sub = newId();
  return { sub, email: `${sub.slice(-12)}@example.org`, email_verified: true, name: 'Ada Lovelace', ...fields };
}

const signIn = (person: ProviderPerson): Promise<HttpAnswer> => new Browser(http).signIn(google, person);
const bodyOf = (answer: HttpAnswer): Record<string, string> => answer.body as Record<string, string>;

async function me(answer: HttpAnswer): Promise<Record<string, unknown>> {
  const authorization = `Bearer ${bodyOf(answer).access_token}`;
  const { status, body, text } = await http.send({ path: '/api/v1/auth/me', headers: { authorization } });
  if (status !== 200) throw new Error(`GET /auth/me was answered ${status}: ${text}`);
  return body as Record<string, unknown>;
}

const admin = () => lab.client(newId(), { roles: ['user', 'admin'] });

async function byAdmin(method: 'POST' | 'DELETE', path: string): Promise<void> {
  const headers = { prefer: 'wait=10' };
  const { status, text } = await admin().send({ method, path: `/api/v1/users/${path}`, headers });
  if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
}

/** An account with a password. Resolves with its id. */
async function account(email: string, verified: boolean): Promise<string> {
  const body = { email, password: 'correct horse battery' };
  const answer = await http.send({ method: 'POST', path: '/api/v1/auth/register', body });
  if (answer.status !== 201) throw new Error(`nobody was registered: ${answer.status} ${answer.text}`);
  const { id } = bodyOf(answer);
  if (verified) await byAdmin('POST', `${id}/verify`);
  return String(id);
}

describe('Somebody who signs in with Google', () => {
  it('for the first time gets an account, and the same one every time after', async () => {
    const ada = stranger({ given_name: 'Ada', family_name: 'Lovelace' });
    const first = await signIn(ada);
    expect(first).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: expect.any(String),
        user_id: expect.any(String),
      },
    });
    expect(await me(first)).toMatchObject({
      id: bodyOf(first).user_id,
      email: ada.email,
      name: 'Ada Lovelace',
      username: expect.stringMatching(/^\w{3,20}$/),
      is_active: true,
      is_verified: true,
      roles: ['user'],
    });
    const again = await signIn({ ...ada, email: `moved-${ada.email}`, name: 'Ada King' });
    expect(bodyOf(again).user_id).toBe(bodyOf(first).user_id);
    expect(await me(again)).toMatchObject({ email: ada.email, name: 'Ada Lovelace' });
  });

  it.each([true, false])('in several windows at once has one account, address verified: %s', async (verified) => {
    const ada = stranger({ email_verified: verified });
    const answers = await Promise.all([signIn(ada), signIn(ada), signIn(ada)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map((answer) => bodyOf(answer).user_id)).size).toBe(1);
  });

  it('is told to the other contexts as having signed in with Google', async () => {
    const told: { type: string; data: Record<string, unknown> }[] = [];
    await lab.broker.overhearEvents(({ body }) => told.push(JSON.parse(body.toString('utf8'))));
    const { user_id: id } = bodyOf(await signIn(stranger()));
    const heard = (type: string) =>
      eventually(`${type} was told`, () => told.find((event) => event.type === type && event.data.user_id === id));
    expect((await heard('user.registered.v1')).data).toMatchObject({ source: 'google', email_verified: true });
    expect((await heard('user.authenticated.v1')).data).toMatchObject({ method: 'google' });
  });

  it('may let a page finish it, with the refresh token in a cookie', async () => {
    const browser = new Browser(http);
    const { searchParams } = await google.signIn(await browser.begin(), stranger());
    const { state, code, iss } = Object.fromEntries(searchParams);
    const { status, headers, body } = await browser.send({
      method: 'POST',
      path: '/api/v1/auth/oauth/google/callback',
      body: { state, code, iss, use_cookie: true },
    });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
    expect(headers['set-cookie']).toContainEqual(expect.stringMatching(/^cf_refresh=.+HttpOnly/));
  });

  it('is not verified by an address that Google has not verified', async () => {
    expect(await me(await signIn(stranger({ email_verified: false })))).toMatchObject({ is_verified: false });
  });

  it('needs an address', async () => {
    expect(await signIn(stranger({ email: undefined }))).toMatchObject({
      status: 400,
      body: { reason: 'oauth_profile_incomplete' },
    });
  });

  it('and changes their mind there is told to begin again', async () => {
    const browser = new Browser(http);
    const state = (await browser.begin()).searchParams.get('state');
    const answer = await browser.arrive(new URL(`http://x/?error=access_denied&state=${state}`));
    expect(answer).toMatchObject({ status: 401, body: { reason: 'oauth_exchange_failed' } });
  });
});

describe('Somebody who has an account with the address that Google tells', () => {
  it('signs in to that account, once both have seen the address verified', async () => {
    const ada = stranger();
    const id = await account(String(ada.email), true);
    const answer = await signIn(ada);
    expect([answer.status, bodyOf(answer).user_id]).toEqual([200, id]);
    const later = await signIn({ ...ada, email: `moved-${ada.email}`, email_verified: false });
    expect(bodyOf(later).user_id).toBe(id);
  });

  it.each([
    ['Google has not', { verified: true, email_verified: false }],
    ['we have not', { verified: false, email_verified: true }],
  ])('does not sign in to it while %s seen the address verified', async (_, { verified, email_verified }) => {
    const ada = stranger({ email_verified });
    await account(String(ada.email), verified);
    expect(await signIn(ada)).toMatchObject({ status: 409, body: { reason: 'email_taken' } });
  });
});

describe('Somebody whose account', () => {
  it('was deactivated is told no more than anybody else', async () => {
    const ada = stranger();
    const { user_id: id } = bodyOf(await signIn(ada));
    await byAdmin('POST', `${id}/deactivate`);
    expect(await signIn(ada)).toMatchObject({ status: 401, body: { reason: 'invalid_credentials' } });
    await byAdmin('POST', `${id}/activate`);
    expect(bodyOf(await signIn(ada)).user_id).toBe(id);
  });

  it('was deleted gets another one, however often', async () => {
    const ada = stranger();
    const ids = new Set<unknown>();
    for (let life = 1; life <= 3; life++) {
      const answer = await signIn(ada);
      expect(answer.status).toBe(200);
      const { user_id: id } = bodyOf(answer);
      ids.add(id);
      expect(ids.size).toBe(life);
      await byAdmin('DELETE', String(id));
    }
  });
});

describe('An installation', () => {
  it('without a provider says what to set', async () => {
    const api = await lab.api();
    const alone = new HttpClient(api.port);
    expect(await alone.send({ path: '/api/v1/auth/oauth/google/authorize' })).toMatchObject({
      status: 503,
      body: { reason: 'provider_not_configured', detail: expect.stringContaining('OIDC_GOOGLE_CLIENT_ID') },
    });
    alone.close();
    await api.terminate();
  });

  it('whose provider goes away while somebody is there asks them to begin again, and still works after', async () => {
    const browser = new Browser(http);
    const returned = await google.signIn(await browser.begin(), stranger());
    google.fail(503);
    expect(await browser.arrive(returned)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: { reason: 'provider_unavailable' },
    });
    google.fail(undefined);
    expect(await browser.arrive(returned)).toMatchObject({ status: 400, body: { reason: 'oauth_state_invalid' } });
    expect(await signIn(stranger())).toMatchObject({ status: 200 });
  });
});
