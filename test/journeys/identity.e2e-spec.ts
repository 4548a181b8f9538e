import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { HttpClient } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { Person, type Answer } from '#testing/person.js';

import { Caller } from './caller.js';

const wait = { prefer: 'wait=10' };

describe('An account', () => {
  let lab: Lab;
  let admin: Caller;
  const people: Person[] = [];

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
    admin = new Caller(lab.apis[0]!, newId(), ['user', 'admin']);
  });
  afterEach(() => people.splice(0).forEach((person) => person.close()));
  afterAll(async () => {
    admin?.close();
    await lab?.close();
  });

  function somebody(): Person {
    const person = new Person(lab.apis[0]!, lab.database);
    people.push(person);
    return person;
  }

  function another(person: Person): Person {
    const device = person.another(lab.apis[0]!);
    people.push(device);
    return device;
  }

  const member = (): Promise<Person> => somebody().join();
  const isOut = (person: Person): Promise<boolean> =>
    eventually('the access token is good for nothing', async () => (await person.get('/auth/me')).status === 401, {
      within: 5_000,
    });

  describe('begins with a registration', () => {
    it('that is answered with the account, without a token and without being asked to wait', async () => {
      const ada = somebody();
      const { status, headers, body } = await ada.register({ name: ' Ada Lovelace ', phone_number: '+441632960961' });
      expect(status).toBe(201);
      expect(headers).toMatchObject({ location: `/api/v1/users/${ada.id}`, etag: expect.stringMatching(/^"\d+"$/) });
      expect(body).toEqual({
        id: ada.id,
        version: expect.any(Number),
        ...ada.identity,
        name: 'Ada Lovelace',
        is_active: true,
        is_verified: false,
        roles: ['user'],
        created_at: expect.any(String),
        updated_at: expect.any(String),
      });
    });

    it('that makes a user name where none is given, by the other door too', async () => {
      const ada = somebody();
      const { email, password } = ada;
      const { status, body } = await ada.post('/users', { email: email.toUpperCase(), password });
      expect(status).toBe(201);
      expect(body).toMatchObject({ email, username: expect.stringMatching(/^ada_\w{1,9}_[0-9a-f]{6}$/), name: '' });
    });

    it('that may be answered at once', async () => {
      const ada = somebody();
      const body = { ...ada.identity, password: ada.password };
      const { status, headers, body: accepted } = await ada.post('/auth/register', body, { prefer: 'respond-async' });
      expect([status, headers['preference-applied']]).toEqual([202, 'respond-async']);
      const settled = await ada.get(`/commands/${String(accepted.command_id)}`, wait);
      expect(settled.body).toMatchObject({ status: 'succeeded', resource_id: accepted.resource_id });
    });

    it('that is the same however often it is sent under one key', async () => {
      const ada = somebody();
      const headers = { 'idempotency-key': newId() };
      const body = { ...ada.identity, password: ada.password };
      const answers = await Promise.all([1, 2, 3].map(() => ada.post('/auth/register', body, headers)));
      expect(new Set(answers.map(({ status, body: { id } }) => `${status} ${String(id)}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
    });

    it.each([
      [{ email: 'no address' }, 'email_invalid', '/email'],
      [{ email: `${'x'.repeat(250)}@example.org` }, 'email_invalid', '/email'],
      [{ username: 'a b' }, 'username_invalid', '/username'],
      [{ password: 'seven77' }, 'password_too_short', '/password'],
      [{ password: 'x'.repeat(129) }, 'password_too_long', '/password'],
      [{ password: 'qwertyuiop' }, 'password_too_common', '/password'],
      [{ password: 'PERSON@example.org', email: 'person@example.org' }, 'password_same_as_identity', '/password'],
      [{ name: ' ' }, 'name_required', '/name'],
      [{ phone_number: '0163 2960961' }, 'phone_number_invalid', '/phone_number'],
      [{ roles: ['admin'] }, 'field_unknown', '/roles'],
    ])('that refuses %j: %s', async (fields, reason, pointer) => {
      const answer = await somebody().register(fields);
      expect(answer).toMatchObject({ status: 400, body: { reason } });
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer, reason }));
    });

    it('that exactly one of twenty wins, and none fails', async () => {
      const [ada, byName] = [somebody(), somebody()];
      const { email, password } = ada;
      const forEmail = Array.from({ length: 20 }, () => ada.post('/auth/register', { email, password }));
      const forName = Array.from({ length: 20 }, (_, n) =>
        byName.post('/auth/register', { email: `${n}.${byName.email}`, username: byName.username, password }),
      );
      const [emails, names] = await Promise.all([Promise.all(forEmail), Promise.all(forName)]);
      const outcomes = (answers: readonly Answer[]): string[] =>
        answers.map(({ status, body: { reason = '' } }) => `${status} ${reason as string}`).sort();
      const busy = (outcome: string): boolean => outcome !== '429 too_many_sign_ins';
      for (const [answers, reason] of [
        [emails, 'email_taken'],
        [names, 'username_taken'],
      ] as const) {
        const [winner, ...losers] = outcomes(answers).filter(busy);
        expect(winner).toBe('201 ');
        expect(new Set(losers)).toEqual(new Set([`409 ${reason}`]));
        expect(losers.length).toBeGreaterThan(0);
      }
    });
  });

  describe('lets its holder in', () => {
    it('by e-mail address and by user name, in capitals or not', async () => {
      const ada = somebody();
      await ada.register();
      for (const name of [
        { email: ada.email },
        { email: ` ${ada.email.toUpperCase()}` },
        { username: ada.username },
        { username: ada.username.toUpperCase() },
      ]) {
        const { status, body } = await ada.login({ ...name, password: ada.password });
        expect(status).toBe(200);
        expect(body).toEqual({
          access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
          token_type: 'bearer',
          expires_in: 900,
          refresh_token: expect.stringMatching(/^[\w-]{70}$/),
          user_id: ada.id,
        });
      }
      expect((await ada.get('/auth/me')).body).toEqual({
        id: ada.id,
        name: '',
        ...ada.identity,
        is_active: true,
        is_verified: false,
        roles: ['user'],
      });
    });

    it('by a form, as OAuth 2.0 clients send it', async () => {
      const ada = somebody();
      await ada.register();
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      for (const name of [ada.email, ada.username]) {
        const text = new URLSearchParams({ grant_type: 'password', username: name, password: ada.password }).toString();
        const { status, body } = await ada.post('/auth/token', text, form);
        expect([status, body.user_id]).toEqual([200, ada.id]);
        const refresh = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
        expect((await ada.post('/auth/token', refresh.toString(), form)).status).toBe(200);
      }
      const unknown = await ada.post('/auth/token', 'grant_type=implicit', form);
      expect(unknown).toMatchObject({ status: 400, body: { errors: [{ pointer: '/grant_type' }] } });
    });

    it('and nobody else', async () => {
      const ada = somebody();
      await ada.register();
      for (const credentials of [
        { email: ada.email, password: 'another password' },
        { username: ada.username, password: 'another password' },
        { email: `nobody.${ada.email}`, password: ada.password },
        { username: ada.email, password: ada.password },
      ])
        expect(await ada.login(credentials)).toMatchObject({ status: 401, body: { reason: 'invalid_credentials' } });
      for (const credentials of [{ password: 'x' }, { ...ada.identity, password: 'x' }])
        expect(await ada.login(credentials)).toMatchObject({ status: 400, body: { reason: 'login_name_required' } });
      expect(await ada.get('/auth/me')).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringMatching(/^Bearer/) },
      });
    });

    it('and tells the rest of the system', async () => {
      const ada = await member();
      await eventually('the sign-in is on record', async () => {
        const [event] = await lab.database.query<{ data: Record<string, unknown> }>(
          `select data from platform.events where type = 'user.authenticated.v1' and data ->> 'user_id' = $1`,
          [ada.id],
        );
        return event && event.data.method === 'password' && !JSON.stringify(event.data).includes(ada.email);
      });
    });
  });

  describe('has sessions', () => {
    it('that go on with each refresh token, once', async () => {
      const ada = await member();
      const [first, before] = [ada.refreshToken, ada.accessToken];
      expect((await ada.refresh()).status).toBe(200);
      expect(ada.refreshToken).not.toBe(first);
      expect(ada.accessToken).not.toBe(before);
      expect((await ada.get('/auth/me')).status).toBe(200);
      expect(await ada.refresh('nonsense')).toMatchObject({ status: 401, body: { reason: 'refresh_token_invalid' } });
    });

    it('that are listed and ended one by one', async () => {
      const ada = await member();
      const phone = another(ada);
      await phone.login();
      const { items } = (await ada.get('/auth/sessions')).body as { items: { id: string; is_current: boolean }[] };
      expect(items.map(({ is_current }) => is_current)).toEqual([false, true]);
      expect((await ada.send('DELETE', `/auth/sessions/${items[0]?.id}`)).status).toBe(204);
      await isOut(phone);
      expect(await phone.refresh()).toMatchObject({ status: 401, body: { reason: 'refresh_token_invalid' } });
      expect((await ada.get('/auth/me')).status).toBe(200);
      expect(await ada.send('DELETE', `/auth/sessions/${items[0]?.id}`)).toMatchObject({
        status: 404,
        body: { reason: 'session_not_found' },
      });
    });

    it('that end with a logout, the other ones go on', async () => {
      const ada = await member();
      const phone = another(ada);
      await phone.login();
      expect((await ada.post('/auth/logout')).status).toBe(204);
      expect((await ada.get('/auth/me')).status).toBe(401);
      expect((await ada.refresh()).status).toBe(401);
      expect((await phone.get('/auth/me')).status).toBe(200);
    });

    it('that end all at once', async () => {
      const ada = await member();
      const phone = another(ada);
      await phone.login();
      expect((await ada.post('/auth/logout-all')).status).toBe(204);
      for (const device of [ada, phone]) {
        await isOut(device);
        expect((await device.refresh()).status).toBe(401);
      }
      expect((await ada.login()).status).toBe(200);
      expect((await ada.get('/auth/me')).status).toBe(200);
    });

    it('that a browser keeps where no script reads it', async () => {
      const ada = somebody();
      await ada.register();
      const { body, headers } = await ada.login({ email: ada.email, password: ada.password, use_cookie: true });
      expect(body.refresh_token).toBeUndefined();
      const [cookie = ''] = headers['set-cookie'] ?? [];
      expect(cookie).toMatch(/^cf_refresh=[\w-]{70}; .*HttpOnly.*SameSite=Strict/);
      const sent = { cookie: cookie.split(';')[0] as string };
      expect(await ada.post('/auth/refresh', {}, { ...sent, origin: 'https://evil.example' })).toMatchObject({
        status: 403,
        body: { reason: 'origin_not_allowed' },
      });
      const origin = `http://127.0.0.1:${lab.apis[0]!.port}`;
      const refreshed = await ada.post('/auth/refresh', {}, { ...sent, origin });
      expect(refreshed).toMatchObject({ status: 200, body: { token_type: 'bearer' } });
      expect(refreshed.headers['set-cookie']?.[0]).toMatch(/^cf_refresh=[\w-]{70};/);
    });
  });

  describe('has a password', () => {
    it('that its holder changes, which ends all other sessions', async () => {
      const ada = await member();
      const phone = another(ada);
      await phone.login();
      const change = (currentPassword: string, newPassword: string) =>
        ada.post('/auth/password/change', { current_password: currentPassword, new_password: newPassword });
      expect(await change('another password', 'staple, correct, horse')).toMatchObject({
        status: 400,
        body: { reason: 'current_password_incorrect' },
      });
      expect(await change(ada.password, ada.email)).toMatchObject({
        status: 400,
        body: { reason: 'password_same_as_identity', errors: [{ pointer: '/new_password' }] },
      });
      expect((await change(ada.password, 'staple, correct, horse')).status).toBe(204);
      await isOut(phone);
      expect((await phone.refresh()).status).toBe(401);
      expect((await ada.get('/auth/me')).status).toBe(200);
      expect((await ada.refresh()).status).toBe(200);
      expect((await phone.login()).status).toBe(401);
      expect((await phone.login({ email: ada.email, password: 'staple, correct, horse' })).status).toBe(200);
    });

    it('that is changed once, however often the same request is sent', async () => {
      const ada = await member();
      const key = { 'idempotency-key': newId() };
      const body = { current_password: ada.password, new_password: 'staple, correct, horse' };
      const change = () => ada.post('/auth/password/change', body, key);
      expect((await change()).status).toBe(204);
      for (let n = 0; n < 6; n++) expect((await change()).status).toBe(204);
      expect((await ada.login({ email: ada.email, password: body.new_password })).status).toBe(200);
    });

    it('that is reset by a link, once, when it was forgotten', async () => {
      const ada = await member();
      for (let n = 0; n < 5; n++) await ada.login({ email: ada.email, password: 'another password' });
      expect(await ada.login()).toMatchObject({ status: 429, body: { reason: 'account_locked' } });
      const asked = await ada.post('/auth/password/forgot', { email: ada.email });
      const nobody = await ada.post('/auth/password/forgot', { email: `nobody.${ada.email}` });
      expect([asked.status, asked.body]).toEqual([202, nobody.body]);
      const token = await ada.link('password_reset');
      const reset = (password: string) => ada.post('/auth/password/reset', { token, new_password: password });
      expect(await reset('password')).toMatchObject({ status: 400, body: { reason: 'password_too_common' } });
      expect((await reset('staple, correct, horse')).status).toBe(204);
      expect(await reset('horse, staple, correct')).toMatchObject({
        status: 400,
        body: { reason: 'reset_token_invalid' },
      });
      await isOut(ada);
      expect((await ada.login()).status).toBe(401);
      expect((await ada.login({ email: ada.email, password: 'staple, correct, horse' })).status).toBe(200);
      expect((await ada.get('/auth/me')).status).toBe(200);
    });

    it.each(['reset-password', 'verify-email'])('whose links lead to a page, that of %s', async (page) => {
      const http = new HttpClient(lab.apis[0]!.port);
      const { status, headers, text } = await http.send({ path: `/account/${page}` });
      http.close();
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'sha256-[^']+'; style-src/),
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(text).toContain('<form data-action="/api/v1/auth/');
    });

    it('whose links are good for nothing when they are forged', async () => {
      const ada = await member();
      for (const token of ['', 'x', `${'A'.repeat(51)}.${'A'.repeat(43)}`])
        expect(await ada.post('/auth/password/reset', { token, new_password: 'staple, correct, horse' })).toMatchObject(
          {
            status: 400,
            body: { reason: 'reset_token_invalid' },
          },
        );
    });
  });

  describe('has an e-mail address', () => {
    it('that a link shows to be its holder’s', async () => {
      const ada = await member();
      expect((await ada.post('/auth/email/verification', undefined, wait)).status).toBe(204);
      const token = await ada.link('email_verification');
      const stranger = somebody();
      expect((await stranger.post('/auth/email/verify', { token })).status).toBe(204);
      expect((await ada.get('/auth/me')).body).toMatchObject({ is_verified: true });
      expect(await stranger.post('/auth/email/verify', { token })).toMatchObject({ status: 400 });
      expect(await ada.post('/auth/email/verification', undefined, wait)).toMatchObject({
        status: 400,
        body: { reason: 'already_verified' },
      });
    });

    it('that is not verified any more once it is another', async () => {
      const ada = await member();
      await admin.post(`/users/${ada.id}/verify`, undefined, wait);
      const email = `new.${ada.email}`;
      const changed = await ada.send('PATCH', `/users/${ada.id}`, { email: email.toUpperCase() }, wait);
      expect(changed).toMatchObject({ status: 200, body: { email, is_verified: false } });
      expect((await ada.login({ email, password: ada.password })).status).toBe(200);
      expect((await ada.login()).status).toBe(401);
    });
  });

  describe('is a user', () => {
    it('whom they read and change themselves, at the version that they have seen', async () => {
      const ada = await member();
      const read = await ada.get(`/users/${ada.id}`);
      expect(read).toMatchObject({ status: 200, body: { id: ada.id, name: '' } });
      const etag = String(read.headers.etag);
      expect((await ada.get(`/users/${ada.id}`, { 'if-none-match': etag })).status).toBe(304);
      const same = { email: ada.email, username: ada.username, name: '' };
      expect(await ada.send('PUT', `/users/${ada.id}`, same, wait)).toMatchObject({ status: 200, body: same });
      const renamed = await ada.send('PATCH', `/users/${ada.id}`, { name: 'Ada King' }, { ...wait, 'if-match': etag });
      expect(renamed).toMatchObject({ status: 200, body: { name: 'Ada King' } });
      const late = await ada.send('PATCH', `/users/${ada.id}`, { name: 'Too late' }, { ...wait, 'if-match': etag });
      expect(late).toMatchObject({ status: 412 });
      const whole = { email: ada.email, username: `x${ada.username}`.slice(0, 20), name: 'Countess' };
      expect(await ada.send('PUT', `/users/${ada.id}`, whole, wait)).toMatchObject({ status: 200, body: whole });
      expect(await ada.send('PUT', `/users/${ada.id}`, { ...whole, name: ' ' })).toMatchObject({
        status: 400,
        body: { reason: 'name_required' },
      });
      expect(await ada.send('PATCH', `/users/${ada.id}`, {})).toMatchObject({
        status: 400,
        body: { reason: 'nothing_to_update' },
      });
    });

    it('who does not exist for others', async () => {
      const [ada, bob] = [await member(), await member()];
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { name: 'Mine now' }],
        ['DELETE', '', undefined],
        ['POST', '/deactivate', undefined],
      ] as const)
        expect(await bob.send(method, `/users/${ada.id}${path}`, body, wait)).toMatchObject({
          status: 404,
          body: { reason: 'user_not_found' },
        });
      for (const [method, path] of [
        ['GET', '/users'],
        ['POST', `/users/${ada.id}/activate`],
        ['POST', `/users/${ada.id}/verify`],
        ['POST', `/auth/users/${bob.id}/roles/admin`],
        ['DELETE', `/auth/users/${ada.id}/roles/analyst`],
      ] as const)
        expect((await bob.send(method, path)).status).toBe(403);
    });

    it('who cannot take what another has', async () => {
      const [ada, bob] = [await member(), await member()];
      const take = (fields: object) => bob.send('PATCH', `/users/${bob.id}`, fields, wait);
      expect(await take({ email: ada.email })).toMatchObject({ status: 409, body: { reason: 'email_taken' } });
      expect(await take({ username: ada.username.toUpperCase() })).toMatchObject({
        status: 409,
        body: { reason: 'username_taken' },
      });
    });

    it('whom administrators find, verify, deactivate and activate', async () => {
      const ada = await member();
      const found = await admin.get(`/users?q=${ada.username}&is_active=true&is_verified=false&include=total`);
      expect(found.body).toMatchObject({ items: [{ id: ada.id }], total: 1 });
      expect((await admin.get('/users?sort=password')).status).toBe(400);
      for (const _ of [1, 2])
        expect(await admin.post(`/users/${ada.id}/verify`, undefined, wait)).toMatchObject({
          status: 200,
          body: { is_verified: true },
        });
      expect(await admin.post(`/users/${ada.id}/deactivate`, undefined, wait)).toMatchObject({
        status: 200,
        body: { is_active: false },
      });
      await isOut(ada);
      expect(await ada.login()).toMatchObject({ status: 401, body: { reason: 'invalid_credentials' } });
      expect(await admin.post(`/users/${ada.id}/activate`, undefined, wait)).toMatchObject({
        status: 200,
        body: { is_active: true },
      });
      expect((await ada.login()).status).toBe(200);
      expect((await ada.get('/auth/me')).status).toBe(200);
    });

    it('who deletes themselves, and can begin again with the same address', async () => {
      const ada = await member();
      expect((await ada.send('DELETE', `/users/${ada.id}`, undefined, wait)).status).toBe(204);
      await isOut(ada);
      expect((await ada.login()).status).toBe(401);
      expect(await admin.get(`/users/${ada.id}`)).toMatchObject({ status: 404 });
      expect(await lab.database.query('select from auth.sessions where account_id = $1', [ada.id])).toEqual([]);
      ada.accessToken = undefined;
      expect((await ada.register()).status).toBe(201);
    });
  });

  describe('has roles', () => {
    it('that administrators grant and revoke, which tokens follow', async () => {
      const ada = await member();
      const role = (method: 'post' | 'delete', name: string) =>
        method === 'post'
          ? admin.post(`/auth/users/${ada.id}/roles/${name}`, undefined, wait)
          : admin.delete(`/auth/users/${ada.id}/roles/${name}`, wait);
      expect((await role('post', 'admin')).status).toBe(204);
      expect(await role('post', 'admin')).toMatchObject({ status: 400, body: { reason: 'role_already_granted' } });
      expect(await role('post', 'emperor')).toMatchObject({ status: 400, body: { reason: 'role_unknown' } });
      expect(await role('delete', 'analyst')).toMatchObject({ status: 400, body: { reason: 'role_not_granted' } });
      expect((await ada.get('/users')).status).toBe(403);
      await ada.refresh();
      expect((await ada.get('/users')).status).toBe(200);
      expect((await ada.get('/auth/me')).body).toMatchObject({ roles: ['user', 'admin'] });

      const bob = await member();
      expect(await admin.post(`/users/${ada.id}/deactivate`, undefined, wait)).toMatchObject({
        status: 400,
        body: { reason: 'last_admin' },
      });
      expect(await role('delete', 'admin')).toMatchObject({ status: 400, body: { reason: 'last_admin' } });
      expect((await admin.post(`/auth/users/${bob.id}/roles/admin`, undefined, wait)).status).toBe(204);
      expect((await role('delete', 'admin')).status).toBe(204);
      await isOut(ada);
      await ada.refresh();
      expect((await ada.get('/auth/me')).body).toMatchObject({ roles: ['user'] });
      expect((await ada.get('/users')).status).toBe(403);
    });
  });
});
