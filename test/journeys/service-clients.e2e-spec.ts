import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';

type Body = Readonly<Record<string, string>>;

const path = '/api/v1/auth/service-clients';

describe('A service client', () => {
  let lab: Lab;
  let admin: Client;
  let http: HttpClient;

  beforeAll(async () => {
    lab = await Lab.with({ apis: 2, workers: 1 });
    admin = lab.client(newId(), { roles: ['user', 'admin'] });
    http = new HttpClient(lab.apis[0]?.port as number);
  });
  afterAll(async () => {
    http?.close();
    await lab?.close();
  });

  const create = (fields: object = { name: 'Web shop' }, headers: Readonly<Record<string, string>> = {}, by = admin) =>
    by.send({ method: 'POST', path, body: fields, headers });
  const bodyOf = ({ body }: HttpAnswer): Body => body as Body;

  const signIn = (client: Body, secret = client.client_secret): Promise<HttpAnswer> =>
    http.send({
      method: 'POST',
      path: '/api/v1/auth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: String(client.client_id),
        client_secret: String(secret),
      }).toString(),
    });

  it('is made by an administrator, and signs in with the secret that is shown then', async () => {
    const made = await create();
    expect(made).toMatchObject({
      status: 201,
      body: {
        client_id: expect.any(String),
        client_secret: expect.stringMatching(/^[\w-]{43}$/),
        name: 'Web shop',
        roles: ['service'],
      },
    });
    const client = bodyOf(made);
    expect([client.id, made.headers.location]).toEqual([client.client_id, `${path}/${client.id}`]);

    const signedIn = await signIn(client);
    expect(signedIn).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), token_type: 'bearer', user_id: client.id },
    });
    expect(signedIn.body).not.toHaveProperty('refresh_token');
    const [, claims = ''] = String(bodyOf(signedIn).access_token).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))).toMatchObject({
      sub: client.id,
      roles: ['service'],
    });
  });

  it('has the roles that it was given', async () => {
    const client = await create({ name: 'Reports', roles: ['service', 'analyst'] });
    expect(client).toMatchObject({ status: 201, body: { roles: ['service', 'analyst'] } });
    expect(await create({ name: 'Reports', roles: ['emperor'] })).toMatchObject({
      status: 400,
      body: { reason: 'role_unknown' },
    });
  });

  it('shows its secret again to the request that made it, at any instance of the API, and to no other', async () => {
    const headers = { 'idempotency-key': newId() };
    const elsewhere = lab.client(admin.userId, { roles: ['user', 'admin'], api: lab.apis[1] });
    const first = await create(undefined, headers);
    const [again, there] = [await create(undefined, headers), await create(undefined, headers, elsewhere)];
    expect([again.body, there.body]).toEqual([first.body, first.body]);
    expect(bodyOf(await create()).client_secret).not.toBe(bodyOf(first).client_secret);
    const shown = await admin.send({ path: `${path}/${bodyOf(first).id}` });
    expect(shown).toMatchObject({ status: 200, body: { id: bodyOf(first).id, name: 'Web shop', version: 2 } });
    expect(shown.text).not.toContain('secret');
  });

  it('is not let in with another secret, nor under another id', async () => {
    const [client, other] = [bodyOf(await create()), bodyOf(await create())];
    const refused = { status: 401, body: { reason: 'invalid_credentials' } };
    expect(await signIn(client, other.client_secret)).toMatchObject(refused);
    expect(await signIn({ ...client, client_id: newId() })).toMatchObject(refused);
    expect(await signIn({ ...client, client_id: 'no-uuid' })).toMatchObject(refused);
    expect((await signIn(client)).status).toBe(200);
  });

  it('is not let in once it is revoked, and is listed no more', async () => {
    const client = bodyOf(await create({ name: `Listed ${newId()}` }));
    const listed = async (): Promise<string[]> => {
      const { body } = await admin.get('/auth/service-clients?sort=-created_at&limit=100');
      return (body as { items: Body[] }).items.map(({ id }) => String(id));
    };
    expect(await listed()).toContain(client.id);
    const revoke = { method: 'DELETE', path: `${path}/${client.id}`, headers: { prefer: 'wait=10' } } as const;
    expect((await admin.send(revoke)).status).toBe(204);
    expect(await signIn(client)).toMatchObject({ status: 401, body: { reason: 'invalid_credentials' } });
    expect(await listed()).not.toContain(client.id);
    expect((await admin.send({ path: `${path}/${client.id}` })).status).toBe(404);
    expect((await admin.send(revoke)).status).toBe(204);
    const nobody = await admin.send({ ...revoke, path: `${path}/${newId()}` });
    expect(nobody).toMatchObject({ status: 404, body: { reason: 'service_client_not_found' } });
  });

  it('cannot use the token that it has much longer than it is let in', async () => {
    const client = bodyOf(await create());
    const { access_token: token } = bodyOf(await signIn(client));
    const use = () => http.send({ path: '/api/v1/tasks', headers: { authorization: `Bearer ${token}` } });
    expect((await use()).status).toBe(200);
    await admin.send({ method: 'DELETE', path: `${path}/${client.id}`, headers: { prefer: 'wait=10' } });
    await eventually('the token is refused', async () => (await use()).status === 401);
  });

  it('is the business of administrators alone', async () => {
    const [user, service] = [lab.client(newId()), lab.client(newId(), { roles: ['service'] })];
    for (const client of [user, service]) {
      expect((await create(undefined, {}, client)).status).toBe(403);
      expect((await client.get('/auth/service-clients')).status).toBe(403);
    }
    expect((await http.send({ path })).status).toBe(401);
  });

  it('has a secret that is nowhere to be found but in the answer', async () => {
    const { client_secret: secret = '', client_id: id } = bodyOf(await create());
    const [{ found } = { found: -1 }] = await lab.database.query<{ found: number }>(
      `select (select count(*) from platform.events e where e::text like '%' || $1 || '%')::int
         + (select count(*) from platform.commands c where c::text like '%' || $1 || '%')::int
         + (select count(*) from auth.service_clients s where s::text like '%' || $1 || '%')::int as found`,
      [secret],
    );
    expect(found).toBe(0);
    const [row] = await lab.database.query<{ secret_hash: string }>(
      'select secret_hash from auth.service_clients where id = $1',
      [id],
    );
    expect(row?.secret_hash).toMatch(/^[\w-]{43}$/);
  });
});
