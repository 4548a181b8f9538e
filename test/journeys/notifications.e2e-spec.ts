import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { builtInTemplates } from '#contexts/notifications/contract/index.js';
import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import type { Client } from '#testing/client.js';
import { EventStream } from '#testing/event-stream.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { MailServer, type TakenMail } from '#testing/mail-server.js';
import { startSmsProvider, type SmsProvider } from '#testing/sms-provider.js';

type Body = Readonly<Record<string, unknown>>;

interface Person {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly client: Client;
}

const wait = { prefer: 'wait=10' };

describe('Telling people', () => {
  let lab: Lab;
  let mails: MailServer;
  let texts: SmsProvider;
  let anybody: HttpClient;
  let admin: Client;

  beforeAll(async () => {
    [lab, mails, texts] = await Promise.all([Lab.open(), MailServer.start(), startSmsProvider()]);
    const api = await lab.api(texts.settings);
    await lab.worker({ ...mails.settings, ...texts.settings, PUBLIC_URL: `http://127.0.0.1:${api.port}` });
    anybody = new HttpClient(api.port);
    admin = lab.client(newId(), { roles: ['user', 'admin'] });
    const made = await Promise.all(
      builtInTemplates.map(({ name, channel, topic, subject, body, variables }) =>
        admin.post('/notification-templates', { name, channel, topic, subject, body, variables }, wait),
      ),
    );
    for (const { status, text } of made) if (status !== 201) throw new Error(`no template was made: ${status} ${text}`);
  });
  afterAll(async () => {
    anybody?.close();
    await lab?.close();
    await Promise.all([mails?.stop(), texts?.stop()]);
  });

  /** Somebody who has registered, and of whom it is known where they are reached. */
  async function person(fields: Body = {}): Promise<Person> {
    const username = `p${newId().slice(-12)}`;
    const email = `${username}@example.org`;
    const { body } = await anybody.send({
      method: 'POST',
      path: '/api/v1/auth/register',
      body: { email, username, password: `Pass ${newId()}`, ...fields },
    });
    const { id } = body as { id: string };
    const client = lab.client(id);
    await eventually('it is known where they are reached', async () => {
      const { body: preferences } = await client.get('/notifications/preferences');
      return (preferences as { version: number }).version > 0;
    });
    return { id, email, username, client };
  }

  const mailTo = ({ email }: Person, subject: string): Promise<TakenMail> =>
    eventually(`a mail to ${email} about ${subject}`, async () =>
      mails.mailsTo(email).find(({ headers }) => headers.get('subject')?.includes(subject)),
    );

  const listed = async (client: Client, query = ''): Promise<readonly Body[]> =>
    ((await client.get(`/notifications${query}`)).body as { items: Body[] }).items;

  const unread = async ({ client }: Person): Promise<unknown> =>
    ((await client.get('/notifications/unread-count')).body as Body).unread_count;

  const put = (client: Client, path: string, body: unknown): Promise<HttpAnswer> =>
    client.send({ method: 'PUT', path: `/api/v1${path}`, body, headers: wait });

  const remove = (client: Client, path: string): Promise<HttpAnswer> =>
    client.send({ method: 'DELETE', path: `/api/v1${path}`, headers: wait });

  async function complete(client: Client, title: string): Promise<void> {
    const { body } = await client.post('/tasks', { title }, wait);
    expect((await client.post(`/tasks/${(body as { id: string }).id}/complete`, undefined, wait)).status).toBe(200);
  }

  /** What stands in somebody's inbox after they have completed that task. */
  async function noted(ada: Person, title: string): Promise<Body> {
    await complete(ada.client, title);
    return eventually(`a note on ${title}`, async () =>
      (await listed(ada.client, '?channel=in_app')).find(({ message }) => String(message).includes(title)),
    );
  }

  async function settled(id: unknown, ...statuses: readonly string[]): Promise<Body> {
    return eventually(`the notification is ${statuses.join(' or ')}`, async () => {
      const { body } = await admin.get(`/notifications/${String(id)}`);
      return statuses.includes(String((body as Body).status)) ? (body as Body) : undefined;
    });
  }

  it('begins with one mail that welcomes who has registered', async () => {
    const ada = await person();
    const mail = await mailTo(ada, 'Welcome');
    expect(mail).toMatchObject({ recipients: [ada.email] });
    expect(mail.text).toContain(`Hello ${ada.username},`);
    const [welcome] = await listed(ada.client, '?template=welcome');
    expect(mail.headers.get('message-id')).toBe(`<${String(welcome?.id)}@contextflow>`);
    expect(await settled(welcome?.id, 'sent')).toMatchObject({
      user_id: ada.id,
      channel: 'email',
      recipient: ada.email,
      topic: 'account',
      retry_count: 0,
      max_retries: 3,
      read_at: null,
    });
    expect(mails.mailsTo(ada.email)).toHaveLength(1);
  });

  it('brings links that work, and keeps them nowhere', async () => {
    const ada = await person();
    await ada.client.post('/auth/email/verification', undefined, wait);
    const { text } = await mailTo(ada, 'your e-mail address');
    const [, token = ''] = /#token=([\w.-]+)/.exec(text) ?? [];
    const [kept] = await listed(ada.client, '?template=email_verification');
    expect(kept?.message).toContain(`contextflow:link/${String(kept?.id)}`);
    expect(JSON.stringify(kept)).not.toContain(token);
    const verified = await anybody.send({ method: 'POST', path: '/api/v1/auth/email/verify', body: { token } });
    expect(verified.status).toBe(204);
  });

  it('fills an inbox, which is read one by one or at once', async () => {
    const ada = await person();
    const first = await noted(ada, 'Pack the bag');
    await noted(ada, 'Water the flowers');
    expect(first).toMatchObject({ status: 'delivered', channel: 'in_app', recipient: ada.id, read_at: null });
    expect(await unread(ada)).toBe(2);

    const read = await ada.client.post(`/notifications/${String(first.id)}/read`, undefined, wait);
    expect(read).toMatchObject({ status: 200, body: { id: first.id } });
    expect((read.body as Body).read_at).not.toBeNull();
    expect((await listed(ada.client, '?unread=true')).map(({ message }) => message)).toEqual([
      expect.stringContaining('Water the flowers'),
    ]);
    expect((await ada.client.get(`/users/${ada.id}/dashboard`)).body).toMatchObject({ unread_notifications: 1 });

    const all = await ada.client.post('/notifications/read-all', undefined, wait);
    expect(all).toMatchObject({ status: 200, body: { unread_count: 0 } });
    expect(await unread(ada)).toBe(0);
    expect((await listed(ada.client, '?channel=in_app')).map((note) => note.read_at === null)).toEqual([false, false]);

    expect((await remove(ada.client, `/notifications/${String(first.id)}`)).status).toBe(204);
    expect(await listed(ada.client, '?channel=in_app')).toHaveLength(1);
  });

  it('comes at once to whoever follows, on each device, and to nobody else', async () => {
    const [ada, eve] = [await person(), await person()];
    const { port } = lab.apis[0] as AppProcess;
    const streams = await Promise.all(
      [ada, ada, eve].map(({ client }) => EventStream.open(port, client.authorization)),
    );
    const [phone, laptop, foreign] = streams as [EventStream, EventStream, EventStream];
    try {
      const note = await noted(ada, 'Pack the bag');
      for (const stream of [phone, laptop])
        expect((await stream.next('notification', { notification_id: note.id })).data).toEqual({
          notification_id: note.id,
          template: 'task_completed',
          topic: 'tasks',
          title: note.title,
          message: note.message,
          metadata: note.metadata,
          created_at: note.created_at,
        });
      await ada.client.post(`/notifications/${String(note.id)}/read`, undefined, wait);
      await laptop.next('notification_read', { notification_id: note.id });
      await ada.client.post('/notifications/read-all', undefined, wait);
      await laptop.next('inbox_read');
      await noted(eve, 'Water the flowers');
      await foreign.next('notification');
      expect(foreign.events.some(({ data }) => data.notification_id === note.id)).toBe(false);
    } finally {
      for (const stream of streams) stream.close();
    }
  });

  it('goes by the channels that somebody chose', async () => {
    const ada = await person();
    const all = ['email', 'sms', 'whatsapp', 'push', 'in_app'];
    const everything = { account: all, tasks: all, labour: all, subscriptions: all };
    expect((await ada.client.get('/notifications/preferences')).body).toMatchObject({ topics: everything });
    const chosen = await put(ada.client, '/notifications/preferences', { topics: { tasks: ['email'] } });
    expect(chosen).toMatchObject({ status: 200, body: { topics: { ...everything, tasks: ['email'] } } });

    await complete(ada.client, 'Pack quietly');
    const kept = await eventually('it was suppressed', async () => {
      const [one] = await listed(admin, `?user_id=${ada.id}&status=suppressed`);
      return one;
    });
    expect(kept).toMatchObject({ template: 'task_completed', sent_at: null });
    expect(await listed(ada.client, '?channel=in_app')).toEqual([]);
    expect((await ada.client.get(`/notifications/${String(kept.id)}`)).status).toBe(404);

    expect(await put(ada.client, '/notifications/preferences', { topics: { account: ['email'] } })).toMatchObject({
      status: 400,
      body: { reason: 'account_topic_required' },
    });
    expect(await put(ada.client, '/notifications/preferences', { topics: { weather: [] } })).toMatchObject({
      status: 400,
      body: { reason: 'topic_unknown' },
    });
  });

  it('makes nothing that would have a place of its own when somebody chooses or reads for the first time', async () => {
    const chosen = await put(lab.client(newId()), '/notifications/preferences', { topics: { tasks: ['email'] } });
    const read = await lab.client(newId()).post('/notifications/read-all', undefined, wait);
    expect([chosen.status, read.status]).toEqual([200, 200]);
    for (const { headers } of [chosen, read])
      expect(headers.location).toBe(`/api/v1/commands/${String(headers['command-id'])}`);
  });

  it('tells nobody what was said to others', async () => {
    const [ada, eve] = [await person(), await person()];
    const { id } = await noted(ada, 'Keep a secret');
    const path = `/notifications/${String(id)}`;
    const missing = { status: 404, body: { reason: 'notification_not_found' } };
    expect(await eve.client.get(path)).toMatchObject(missing);
    expect(await eve.client.post(`${path}/read`, undefined, wait)).toMatchObject(missing);
    expect(await remove(eve.client, path)).toMatchObject(missing);
    for (const query of [`?user_id=${ada.id}`, '?all=true'])
      expect(await eve.client.get(`/notifications${query}`)).toMatchObject({ status: 403 });
    for (const act of ['send', 'retry'])
      expect((await ada.client.post(`${path}/${act}`, undefined, wait)).status).toBe(403);
    expect((await ada.client.post('/notifications', { channel: 'email' }, wait)).status).toBe(403);

    expect(await listed(admin, `?user_id=${ada.id}&channel=in_app`)).toMatchObject([{ id }]);
    expect(await listed(admin, '?all=true&limit=100')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id })]),
    );
    expect((await remove(admin, path)).status).toBe(204);
    expect(await ada.client.get(path)).toMatchObject(missing);
  });

  it('is done by administrators, once under a key, and one bad recipient stops nobody', async () => {
    const ada = await person();
    const words = { channel: 'email', title: 'Tonight', message: 'The service rests <b>soon</b>.' };
    mails.behave({ at: 'recipient', code: 550 }, 'gone@example.org');
    const [bad, good] = await Promise.all([
      admin.post('/notifications', { ...words, recipient: 'gone@example.org' }, wait),
      admin.post('/notifications', { ...words, user_id: ada.id, dedup_key: `rest:${ada.id}`, topic: 'labour' }, wait),
    ]);
    expect([bad.status, good.status]).toEqual([201, 201]);
    const mail = await mailTo(ada, 'Tonight');
    expect(mail.html).toContain('&lt;b&gt;soon&lt;/b&gt;');
    expect(mail.headers.has('list-unsubscribe')).toBe(true);

    const failed = await settled((bad.body as Body).id, 'failed');
    expect(failed).toMatchObject({ retry_count: 0, error_message: expect.stringContaining('550') });
    mails.behave(undefined, 'gone@example.org');
    const retried = await admin.post(`/notifications/${String(failed.id)}/retry`, undefined, wait);
    expect(retried).toMatchObject({ status: 200, body: { status: 'sent', retry_count: 1, error_message: null } });
    expect(await admin.post(`/notifications/${String(failed.id)}/send`, undefined, wait)).toMatchObject({
      status: 400,
      body: { reason: 'notification_already_sent' },
    });

    const again = () => admin.post('/notifications', { ...words, user_id: ada.id, dedup_key: `rest:${ada.id}` }, wait);
    const known = { status: 409, body: { reason: 'notification_already_exists' } };
    expect(await again()).toMatchObject(known);
    expect((await remove(admin, `/notifications/${String((good.body as Body).id)}`)).status).toBe(204);
    expect(await again()).toMatchObject(known);
    expect((await admin.get('/notifications/stats')).body).toMatchObject({
      items: expect.arrayContaining([
        { day: expect.any(String), channel: 'email', status: 'sent', notifications: expect.any(Number) },
      ]),
    });
    expect((await ada.client.get('/notifications/stats')).status).toBe(403);
    expect(await admin.post('/notifications', { ...words, recipient: 'a@b.org,c@d.org' }, wait)).toMatchObject({
      status: 400,
      body: { reason: 'recipient_invalid' },
    });
  });

  it.each([
    ['sms', '+441632960961'],
    ['whatsapp', 'whatsapp:+441632960961'],
  ])('reaches telephones by %s, and believes the provider’s reports when they are signed', async (channel, to) => {
    const ada = await person({ phone_number: '+441632960961' });
    const request = { channel, user_id: ada.id, title: 'Tonight', message: 'The service rests.' };
    const { body } = await admin.post('/notifications', request, wait);
    const { id } = body as { id: string };
    expect(await settled(id, 'delivered')).toMatchObject({ recipient: '+441632960961' });
    const taken = texts.messages.find(({ callback }) => callback?.includes(id));
    expect(taken).toMatchObject({ to, body: expect.stringContaining('The service rests.') });

    const report = (signature?: string): Promise<HttpAnswer> =>
      anybody.send({
        method: 'POST',
        path: `/api/v1/notifications/webhooks/twilio?notification=${id}`,
        body: `MessageSid=${String(taken?.sid)}&MessageStatus=failed`,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(signature !== undefined && { 'x-twilio-signature': signature }),
        },
      });
    for (const signature of [undefined, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='])
      expect(await report(signature)).toMatchObject({ status: 403, body: { reason: 'signature_invalid' } });
  });

  it('uses templates that administrators write', async () => {
    const path = '/notification-templates/maintenance/email';
    const template = {
      name: 'maintenance',
      channel: 'email',
      topic: 'account',
      subject: 'Rest on {{day}}',
      body: 'Hello {{who}}.',
      variables: { day: 'the day', who: 'the recipient' },
    };
    const created = await admin.post('/notification-templates', template, wait);
    expect(created).toMatchObject({ status: 201, body: { ...template, is_active: true } });
    expect((await admin.get(String(created.headers.location).replace('/api/v1', ''))).body).toEqual(created.body);
    expect(await admin.post('/notification-templates', template, wait)).toMatchObject({
      status: 409,
      body: { reason: 'template_name_taken' },
    });

    const patch = (body: Body): Promise<HttpAnswer> =>
      admin.send({ method: 'PATCH', path: `/api/v1${path}`, body, headers: wait });
    expect(await patch({ body: 'Hello {{nobody}}.' })).toMatchObject({
      status: 400,
      body: { reason: 'template_syntax_invalid' },
    });
    expect(await patch({})).toMatchObject({ status: 400, body: { reason: 'nothing_to_update' } });
    expect(await patch({ subject: 'Rest: {{day}}' })).toMatchObject({ status: 200, body: { version: 2 } });

    const ask = (variables: Body): Promise<HttpAnswer> =>
      admin.post(
        '/notifications',
        { channel: 'email', recipient: 'bob@example.org', template: 'maintenance', variables },
        wait,
      );
    expect(await ask({ day: 'Sunday' })).toMatchObject({ status: 400, body: { reason: 'template_variable_missing' } });
    expect(await ask({ day: 'Sunday', who: 'Bob' })).toMatchObject({
      status: 201,
      body: { title: 'Rest: Sunday', message: 'Hello Bob.', user_id: null },
    });

    expect(await patch({ is_active: false })).toMatchObject({ status: 200, body: { is_active: false } });
    expect(await ask({ day: 'Sunday', who: 'Bob' })).toMatchObject({ body: { reason: 'template_inactive' } });
    const { items } = (await admin.get('/notification-templates?is_active=false')).body as { items: Body[] };
    expect(items.map(({ name }) => name)).toEqual(['maintenance']);
    const nobody = lab.client(newId());
    for (const read of ['/notification-templates', path]) expect((await nobody.get(read)).status).toBe(403);
    expect((await admin.get('/notification-templates/nothing/email')).status).toBe(404);
  });

  it('ends with the account: nothing that was said is left, and nothing more is said', async () => {
    const ada = await person();
    await mailTo(ada, 'Welcome');
    await noted(ada, 'Pack the bag');
    const { body } = await ada.client.get(`/users/${ada.id}/personal-data`);
    expect(body).toMatchObject({
      data: { notifications: { contact: { email: ada.email }, notifications: [{}, {}] } },
    });

    expect((await remove(ada.client, `/users/${ada.id}`)).status).toBe(204);
    await eventually('nothing is left', async () => (await listed(admin, `?user_id=${ada.id}`)).length === 0);
    const [kept] = await lab.database.query(
      'select email, username, is_forgotten from notifications.recipients where id = $1',
      [ada.id],
    );
    expect(kept).toEqual({ email: null, username: null, is_forgotten: true });
    const words = { channel: 'email', title: 'Late', message: 'Too late.' };
    expect(await admin.post('/notifications', { ...words, user_id: ada.id, recipient: ada.email }, wait)).toMatchObject(
      { status: 400, body: { reason: 'recipient_invalid' } },
    );
  });
});
