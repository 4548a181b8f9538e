import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';

type Body = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;
type Method = 'PATCH' | 'PUT';

interface Person {
  readonly id: string;
  /** A word that everything personal of them contains. */
  readonly mark: string;
  readonly client: Client;
}

const waiting = { prefer: 'wait=10' };

describe('A person', () => {
  let lab: Lab;
  let anybody: HttpClient;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
    anybody = new HttpClient(lab.apis[0]?.port as number);
  });
  afterAll(async () => {
    anybody?.close();
    await lab?.close();
  });

  let registered = 0;

  /** Somebody who has registered, and whose profile and first task are there. */
  async function person(fields: Body = {}): Promise<Person> {
    const mark = `q${(++registered).toString().padStart(2, '0')}${newId().slice(-8)}`;
    const { status, body, text } = await anybody.send({
      method: 'POST',
      path: '/api/v1/users',
      body: {
        email: `${mark}@example.org`,
        username: mark,
        name: `Name ${mark}`,
        password: `Pass ${newId()}`,
        ...fields,
      },
    });
    if (status !== 201) throw new Error(`nobody was registered: ${status} ${text}`);
    const { id } = body as { id: string };
    const client = lab.client(id);
    await eventually('the profile is there', async () => (await client.get(`/users/${id}/profile`)).status === 200);
    await eventually('the first task is there', async () => {
      const { body: tasks } = await client.get('/tasks');
      return (tasks as { items: unknown[] }).items.length === 1;
    });
    return { id, mark, client };
  }

  const change = ({ client, id }: Person, fields: unknown, headers: Headers = waiting, method: Method = 'PATCH') =>
    client.send({ method, path: `/api/v1/users/${id}/profile`, body: fields, headers });

  const profile = async ({ client, id }: Person): Promise<Body> =>
    (await client.get(`/users/${id}/profile`)).body as Body;

  const admin = (): Client => lab.client(newId(), { roles: ['user', 'admin'] });

  it('has a profile from the registration on, which says what was said then', async () => {
    const ada = await person({ first_name: 'Ada', last_name: 'Lovelace', phone_number: '+441632960961' });
    expect(await profile(ada)).toMatchObject({
      id: ada.id,
      email: `${ada.mark}@example.org`,
      username: ada.mark,
      name: `Name ${ada.mark}`,
      first_name: 'Ada',
      last_name: 'Lovelace',
      full_name: 'Ada Lovelace',
      phone_number: '+441632960961',
      bio: null,
      avatar_url: null,
      is_active: true,
      is_verified: false,
    });
  });

  it.each(['PATCH', 'PUT'] as const)(
    'changes it by %s, at the version that was read, and clears by null',
    async (method) => {
      const ada = await person();
      const read = await ada.client.get(`/users/${ada.id}/profile`);
      const fields = { bio: ' Writes\nnotes ', avatar_url: 'https://example.org/ada.png', first_name: ' Ada ' };
      const changed = await change(ada, fields, { ...waiting, 'if-match': String(read.headers.etag) }, method);
      expect(changed).toMatchObject({ status: 200, body: { ...fields, first_name: 'Ada', full_name: 'Ada' } });
      expect(changed.headers.etag).not.toBe(read.headers.etag);
      expect(await profile(ada)).toEqual(changed.body);

      const stale = await change(ada, { bio: 'Later' }, { ...waiting, 'if-match': String(read.headers.etag) }, method);
      expect(stale).toMatchObject({ status: 412, body: { reason: 'version_conflict' } });

      expect(await change(ada, { bio: null }, waiting, method)).toMatchObject({
        status: 200,
        body: { bio: null, first_name: 'Ada', avatar_url: 'https://example.org/ada.png' },
      });
      const headers = { 'if-none-match': String((await ada.client.get(`/users/${ada.id}/profile`)).headers.etag) };
      const path = `/api/v1/users/${ada.id}/profile`;
      expect((await ada.client.send({ method: 'GET', path, headers })).status).toBe(304);
    },
  );

  it('is told at once what cannot be in a profile', async () => {
    const ada = await person();
    expect(await change(ada, {})).toMatchObject({ status: 400, body: { reason: 'nothing_to_update' } });
    expect(await change(ada, { avatar_url: 'javascript:alert(1)' })).toMatchObject({
      status: 400,
      body: { reason: 'avatar_url_invalid' },
    });
    expect(await change(ada, { email: 'eve@example.org' })).toMatchObject({
      status: 400,
      body: { reason: 'field_unknown' },
    });
  });

  it('does not exist for others, but for administrators', async () => {
    const [ada, eve] = [await person(), await person()];
    const stranger = { ...ada, client: eve.client };
    const missing = { status: 404, body: { reason: 'user_not_found' } };
    for (const part of ['profile', 'dashboard', 'personal-data'])
      expect(await eve.client.get(`/users/${ada.id}/${part}`)).toMatchObject(missing);
    expect(await change(stranger, { bio: 'Mine' })).toMatchObject(missing);
    expect(await profile(ada)).toMatchObject({ bio: null, version: 1 });

    const operator = { ...ada, client: admin() };
    expect(await change(operator, { bio: 'Moderated' })).toMatchObject({ status: 200, body: { bio: 'Moderated' } });
    for (const part of ['profile', 'dashboard', 'personal-data'])
      expect(await operator.client.get(`/users/${ada.id}/${part}`)).toMatchObject({ status: 200 });
    for (const part of ['profile', 'dashboard', 'personal-data'])
      expect(await operator.client.get(`/users/${newId()}/${part}`)).toMatchObject(missing);
  });

  it('is known in the profile as the account says, some moments later', async () => {
    const ada = await person();
    const account = { method: 'PATCH', path: `/api/v1/users/${ada.id}`, headers: waiting } as const;
    expect(await ada.client.send({ ...account, body: { name: `Ada ${ada.mark}` } })).toMatchObject({ status: 200 });
    await eventually('the new name', async () => (await profile(ada)).name === `Ada ${ada.mark}`);

    const operator = admin();
    for (const act of ['verify', 'deactivate'])
      expect(await operator.post(`/users/${ada.id}/${act}`, undefined, waiting)).toMatchObject({ status: 200 });
    const seen = { ...ada, client: operator };
    await eventually('verified, and not active', async () => {
      const { is_verified: isVerified, is_active: isActive } = await profile(seen);
      return isVerified === true && isActive === false;
    });
    await operator.post(`/users/${ada.id}/activate`, undefined, waiting);
    await eventually('active again', async () => (await profile(seen)).is_active === true);
  });

  it('finds on the dashboard how the tasks stand', async () => {
    const ada = await person();
    const made: string[] = [];
    for (const title of ['one', 'two', 'three', 'four', 'five', 'six', 'seven']) {
      const { body } = await ada.client.post('/tasks', { title }, waiting);
      made.push((body as { id: string }).id);
    }
    await ada.client.post(`/tasks/${made[0]}/complete`, undefined, waiting);
    const { headers } = await ada.client.post(`/tasks/${made[1]}/start`, undefined, waiting);
    const { status, body } = await ada.client.send({
      path: `/api/v1/users/${ada.id}/dashboard`,
      headers: { 'consistency-token': String(headers['consistency-token']) },
    });
    expect(status).toBe(200);
    const { recent_tasks: recent, ...figures } = body as { recent_tasks: { title: string }[] };
    expect(figures).toEqual({
      user: await profile(ada),
      task_count: 8,
      tasks_by_status: { pending: 6, in_progress: 1, completed: 1, cancelled: 0 },
      overdue_tasks: 0,
      completed_tasks: 1,
      pending_tasks: 6,
      unread_notifications: 0,
    });
    expect(recent.map(({ title }) => title)).toEqual(['seven', 'six', 'five', 'four', 'three']);
  });

  it('gets all that is kept of them, without secrets', async () => {
    const ada = await person();
    await change(ada, { bio: `Once ${ada.mark}` });
    await change(ada, { bio: `Now ${ada.mark}` });
    await ada.client.post('/tasks', { title: 'Pack the bag' }, waiting);
    const { status, body, text } = await ada.client.get(`/users/${ada.id}/personal-data`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      user_id: ada.id,
      data: {
        auth: { account: { email: `${ada.mark}@example.org`, roles: [] }, sessions: [] },
        users: { profile: { bio: `Now ${ada.mark}` } },
        tasks: { tasks: [{ title: 'Have a look around' }, { title: 'Pack the bag' }], categories: [] },
      },
    });
    expect(text).toContain(`Once ${ada.mark}`);
    expect(text).not.toMatch(/argon2|sealed:/);
  });

  it('is forgotten when the account is deleted: tasks and profile go, and what the log says cannot be read', async () => {
    const ada = await person();
    const fields = { first_name: ada.mark, bio: ada.mark, avatar_url: `https://example.org/${ada.mark}` };
    expect(await change(ada, fields)).toMatchObject({ status: 200 });
    const { body: category } = await ada.client.post('/categories', { name: 'Household' }, waiting);
    for (const title of ['one', 'two', 'three'])
      await ada.client.post('/tasks', { title, category_id: (category as Body).id }, waiting);
    const places = [
      'auth.accounts',
      'labour.birthing_people',
      'notifications.recipients',
      'subscriptions.subscribers',
      'users.profiles',
    ];
    await eventually('all know of them', async () => String(await whereIs(ada.mark)) === String(places));

    const deleted = await ada.client.send({ method: 'DELETE', path: `/api/v1/users/${ada.id}`, headers: waiting });
    expect(deleted.status).toBe(204);

    const operator = admin();
    const listed = async (path: string): Promise<unknown[]> =>
      ((await operator.get(path)).body as { items: unknown[] }).items;
    await eventually('no task is left', async () => (await listed(`/tasks?user_id=${ada.id}`)).length === 0);
    await eventually('the category is gone', async () => {
      const { status } = await operator.get(`/categories/${String((category as Body).id)}`);
      return status === 404;
    });
    for (const part of ['profile', 'dashboard', 'personal-data'])
      await eventually(`there is no ${part}`, async () => {
        const { status } = await operator.get(`/users/${ada.id}/${part}`);
        return status === 404;
      });
    await eventually('nobody knows of them', async () => (await whereIs(ada.mark)).length === 0);

    const history = await lab.database.query<{ type: string; data: Body }>(
      `select type, data from platform.events where stream_type = 'users.user' and stream_id = $1 order by version`,
      [ada.id],
    );
    expect(history.map(({ type }) => type)).toEqual([
      'user.created.v1',
      'profile.changed.v1',
      'user.updated.v1',
      'profile.forgotten.v1',
    ]);
    expect(history[1]?.data.bio).toMatch(/^sealed:/);
    const { key } = await lab.database.one<{ key: string | null }>(
      'select key from platform.subject_keys where subject = $1',
      [ada.id],
    );
    expect(key).toBeNull();

    const late = await eventually('the token is refused', async () => {
      const answer: HttpAnswer = await change(ada, { bio: 'Back' });
      return answer.status === 401 ? answer : undefined;
    });
    expect(late.status).toBe(401);
    expect(await change({ ...ada, client: operator }, { bio: 'Back' })).toMatchObject({
      status: 404,
      body: { reason: 'user_not_found' },
    });
  });

  /** The tables in which a word can be read. */
  async function whereIs(word: string): Promise<string[]> {
    const tables = await lab.database.query<{ name: string }>(`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('platform', 'auth', 'users', 'tasks', 'notifications', 'labour', 'subscriptions') order by 1`);
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await lab.database.one<{ rows: number }>(
        `select count(*)::int as rows from ${name} as row where row::text like '%' || $1 || '%'`,
        [word],
      );
      if (rows > 0) found.push(name);
    }
    return found;
  }
});
