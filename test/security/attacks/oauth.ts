import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { Browser } from '#testing/browser.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { OpenIdProvider, type ProviderPerson } from '#testing/openid-provider.js';

import type { Installation } from '../installation.js';
import { Target, type Refusal } from '../target.js';

const authorize = '/api/v1/auth/oauth/google/authorize';
const callback = '/api/v1/auth/oauth/google/callback';

const stateInvalid: Refusal = { status: 400, reason: 'oauth_state_invalid' };
const notConfirmed: Refusal = { status: 401, reason: 'oauth_exchange_failed' };
const emailTaken: Refusal = { status: 409, reason: 'email_taken' };

export const oauth = (installation: () => Installation): void =>
  describe('Signing in with Google', () => {
    let target: Target;
    let google: OpenIdProvider;
    let api: AppProcess;
    let http: HttpClient;

    beforeAll(async () => {
      const { lab, environment } = installation();
      target = await Target.at(installation());
      google = await OpenIdProvider.start();
      api = await lab.api({ ...environment, ...google.settings });
      http = new HttpClient(api.port);
    });
    afterAll(async () => {
      http?.close();
      await api?.terminate();
      await google?.close();
    });

    const browser = (): Browser => new Browser(http);
    const victim = (fields: Partial<ProviderPerson> = {}): ProviderPerson => {
      const sub = newId();
      return { sub, email: `${sub.slice(-12)}@example.org`, email_verified: true, ...fields };
    };
    /** Where somebody is sent back to who has begun there and signed in. */
    const returned = async (
      by: Browser,
      person = victim(),
      change: (url: URL) => void = () => undefined,
    ): Promise<URL> => {
      const url = await by.begin();
      change(url);
      return google.signIn(url, person);
    };
    const gains = (): Promise<Record<string, unknown>> =>
      target.lab.database.one(
        `select (select count(*)::int from auth.sessions) as sessions, (select count(*)::int from auth.accounts) as accounts,
           (select md5(string_agg(id::text || external_identities::text, ',' order by id)) from auth.accounts) as identities`,
      );

    /** Expects that nobody has got a session, an account or an identity by it, and that it tells no secret. */
    async function refuses(attack: () => Promise<HttpAnswer>, refusal: Refusal): Promise<void> {
      const before = await gains();
      const answer = await attack();
      target.expectRefusal(answer, refusal);
      expect(answer.text).not.toContain(google.clientSecret);
      expect(answer.headers).not.toHaveProperty('location');
      expect(await gains()).toEqual(before);
    }

    it('A29: is possible, as long as nobody interferes', async () => {
      expect((await browser().signIn(google, victim())).status).toBe(200);
    });

    it.each([
      ['no query', ''],
      ['a code alone', '?code=x'],
      ['an empty state', '?code=x&state='],
      ['a state in brackets', '?code=x&state[]=a'],
      ['two states', '?code=x&state=a&state=b'],
      ['a state that is too long', `?code=x&state=${'s'.repeat(5_000)}`],
    ])('A29: is refused with %s', async (_, query) => {
      const attacker = browser();
      await attacker.begin();
      await refuses(() => attacker.send({ path: `${callback}${query}` }), stateInvalid);
    });

    it.each([{}, { state: '' }, { state: null }, { state: 5 }, { state: ['x'] }, { state: 's'.repeat(201) }])(
      'A29: is refused with a body that says %j',
      async (fields) => {
        const attacker = browser();
        await attacker.begin();
        const body = { code: 'x', ...fields };
        await refuses(() => attacker.send({ method: 'POST', path: callback, body }), stateInvalid);
      },
    );

    it('A29: is refused with a state that we have not made', async () => {
      const attacker = browser();
      const at = await returned(attacker);
      at.searchParams.set('state', Buffer.alloc(32, 7).toString('base64url'));
      await refuses(() => attacker.arrive(at), stateInvalid);
    });

    it('A29: is refused to a browser that did not begin it, and then to the one that did', async () => {
      const [attacker, fresh, busy] = [browser(), browser(), browser()];
      // Whoever follows a link of the attacker would work in the attacker's account.
      const trap = await returned(attacker);
      await refuses(() => fresh.arrive(trap), stateInvalid);
      await busy.begin();
      const other = await returned(attacker);
      await refuses(() => busy.arrive(other), stateInvalid);
      await refuses(() => attacker.arrive(other), stateInvalid);
    });

    it('A29: is not spoilt for somebody by a state that is not theirs', async () => {
      const honest = browser();
      const at = await returned(honest);
      await refuses(() => honest.arrive(new URL(`http://x/?code=x&state=${'A'.repeat(43)}`)), stateInvalid);
      expect((await honest.arrive(at)).status).toBe(200);
    });

    it('A29: is refused when it is replayed', async () => {
      const honest = browser();
      const at = await returned(honest);
      expect((await honest.arrive(at)).status).toBe(200);
      await refuses(() => honest.arrive(at), stateInvalid);
      await honest.begin();
      await refuses(() => honest.arrive(at), stateInvalid);
    });

    it('A29: is granted once when its answer comes ten times at once', async () => {
      const honest = browser();
      const { search } = await returned(honest);
      const answers = await Promise.all(Array.from({ length: 10 }, () => honest.arrive(new URL(`http://x/${search}`))));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 200)) target.expectRefusal(answer, stateInvalid);
    });

    it('A29: is refused when it took too long', async () => {
      const slow = browser();
      const at = await returned(slow);
      await target.lab.database.query(`update auth.oauth_flows set expires_at = now() - interval '1 second'`);
      await refuses(() => slow.arrive(at), stateInvalid);
    });

    it('A29: always uses PKCE, and whoever takes it out gets no code', async () => {
      const attacker = browser();
      const begun = await attacker.begin();
      expect(begun.searchParams.get('code_challenge_method')).toBe('S256');
      const at = await returned(attacker, victim(), ({ searchParams }) => {
        searchParams.delete('code_challenge');
        searchParams.delete('code_challenge_method');
      });
      expect(at.searchParams.get('code')).toBeNull();
      await refuses(() => attacker.arrive(at), notConfirmed);
    });

    it('A29: is refused with a code for another verifier', async () => {
      const attacker = browser();
      const challenge = Buffer.alloc(32, 1).toString('base64url');
      const at = await returned(attacker, victim(), (url) => url.searchParams.set('code_challenge', challenge));
      await refuses(() => attacker.arrive(at), notConfirmed);
    });

    it.each([
      ['another nonce', (url: URL) => url.searchParams.set('nonce', 'of-another-sign-in')],
      ['no nonce', (url: URL) => url.searchParams.delete('nonce')],
    ])('A29: is refused with a token that has %s', async (_, change) => {
      const attacker = browser();
      const at = await returned(attacker, victim(), change);
      await refuses(() => attacker.arrive(at), notConfirmed);
    });

    it('A29: is refused with the code of somebody else’s sign-in', async () => {
      const [honest, attacker] = [browser(), browser()];
      const [stolen, own] = [await returned(honest), await returned(attacker)];
      own.searchParams.set('code', String(stolen.searchParams.get('code')));
      await refuses(() => attacker.arrive(own), notConfirmed);
    });

    it('A29: is refused with the code of another provider', async () => {
      const attacker = browser();
      const at = await returned(attacker);
      at.searchParams.set('iss', 'https://provider.attacker.example');
      await refuses(() => attacker.arrive(at), notConfirmed);
    });

    describe('with the address of an existing account', () => {
      async function account(email: string, verified: boolean): Promise<string> {
        const body = { email, password: 'correct horse battery' };
        const answer = await http.send({ method: 'POST', path: '/api/v1/auth/register', body });
        expect(answer.status).toBe(201);
        const { id } = answer.body as { id: string };
        if (verified) await target.operator.post(`/users/${id}/verify`, undefined, { prefer: 'wait=10' });
        return id;
      }

      it.each([false, 'true', 1, undefined] as never[])(
        'A29: does not open it to somebody for whom the provider says %j of that address',
        async (said: never) => {
          const attacker = victim({ email_verified: said });
          await account(String(attacker.email), true);
          await refuses(() => browser().signIn(google, attacker), emailTaken);
          const shouted = { ...attacker, email: String(attacker.email).toUpperCase() };
          await refuses(() => browser().signIn(google, shouted), emailTaken);
        },
      );

      it('A29: does not lead the owner of the address into an account that somebody else made with it', async () => {
        const owner = victim();
        await account(String(owner.email), false);
        await refuses(() => browser().signIn(google, owner), emailTaken);
      });
    });

    it.each(['redirect_uri', 'redirect_url', 'return_to', 'next', 'continue', 'state'])(
      'A29: sends nobody anywhere else, whatever %s says',
      async (name) => {
        const elsewhere = 'https://attacker.example/';
        const answer = await http.send({
          path: `${authorize}?${name}=${encodeURIComponent(elsewhere)}`,
          headers: { 'x-forwarded-host': 'attacker.example', origin: elsewhere, referer: elsewhere },
        });
        expect(answer.headers).not.toHaveProperty('location');
        const { authorization_url: to = '' } = answer.body as { authorization_url?: string };
        expect(to.startsWith(`${google.issuer}/`)).toBe(true);
        expect(new URL(to).searchParams.get('redirect_uri')).toBe(google.redirectUri);
        expect(to).not.toContain('attacker');
      },
    );

    it('A29: sends nobody anywhere when it is done', async () => {
      const honest = browser();
      const at = await returned(honest);
      at.searchParams.set('redirect_uri', 'https://attacker.example/');
      at.searchParams.set('return_to', 'https://attacker.example/');
      const answer = await honest.arrive(at);
      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty('location');
      expect(answer.text).not.toContain('attacker');
    });

    it('A29: keeps what binds it to the browser out of reach of scripts, links and the store', async () => {
      const { headers, body } = await http.send({ path: authorize });
      const [, kept = '', attributes = ''] = /^cf_oauth=([\w-]{43}); (.*)$/.exec(String(headers['set-cookie'])) ?? [];
      expect(attributes.split('; ').sort()).toEqual(
        expect.arrayContaining(['HttpOnly', 'Path=/api/v1/auth/oauth', 'SameSite=Lax']),
      );
      const { authorization_url: to = '' } = body as { authorization_url?: string };
      const state = String(new URL(to).searchParams.get('state'));
      expect([state.length, to.includes(kept)]).toEqual([43, false]);
      const flows = await target.lab.database.query<{ text: string; code_verifier: string }>(
        `select flow::text as text, code_verifier from auth.oauth_flows as flow`,
      );
      for (const text of [state, kept]) {
        const bytes = Buffer.from(text).toString('hex');
        expect(flows.some((flow) => flow.text.includes(text) || flow.text.includes(bytes))).toBe(false);
      }
      expect(flows.some(({ code_verifier: verifier }) => to.includes(verifier))).toBe(false);
    });
  });
