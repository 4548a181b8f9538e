import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { builtInTemplates } from '#contexts/notifications/contract/index.js';
import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { MailServer, type TakenMail } from '#testing/mail-server.js';
import { startSmsProvider, type SmsProvider } from '#testing/sms-provider.js';

type Body = Readonly<Record<string, unknown>>;

interface Person {
  readonly id: string;
  readonly email: string;
  readonly client: Client;
}

const wait = { prefer: 'wait=10' };
const minute = 60_000;

describe('Following somebody', () => {
  let lab: Lab;
  let mails: MailServer;
  let texts: SmsProvider;
  let anybody: HttpClient;
  let publicUrl: string;

  beforeAll(async () => {
    [lab, mails, texts] = await Promise.all([Lab.open(), MailServer.start(), startSmsProvider()]);
    const api = await lab.api(texts.settings);
    publicUrl = `http://127.0.0.1:${api.port}`;
    await lab.worker({ ...mails.settings, ...texts.settings, PUBLIC_URL: publicUrl });
    anybody = new HttpClient(api.port);
    const admin = lab.client(newId(), { roles: ['user', 'admin'] });
    const ours = builtInTemplates.filter(({ topic }) => topic === 'labour' || topic === 'subscriptions');
    const made = await Promise.all(
      ours.map(({ name, channel, topic, subject, body, variables }) =>
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

  /** Somebody with an account, whose name has arrived. */
  async function person(name: string, more: Body = {}): Promise<Person> {
    const username = `p${newId().slice(-12)}`;
    const email = `${username}@example.org`;
    const registration = { email, username, name, password: `Pass ${newId()}`, ...more };
    const { body } = await anybody.send({ method: 'POST', path: '/api/v1/auth/register', body: registration });
    const { id } = body as { id: string };
    const client = lab.client(id);
    await eventually(`${name} is known to all`, async () => {
      const rows = await lab.database.query('select from subscriptions.subscribers where id = $1', [id]);
      return rows.length > 0;
    });
    return { id, email, client };
  }

  const put = ({ client }: Person, path: string, body?: unknown): Promise<HttpAnswer> =>
    client.send({ method: 'PUT', path: `/api/v1${path}`, body, headers: wait });
  const post = ({ client }: Person, path: string, body?: unknown): Promise<HttpAnswer> => client.post(path, body, wait);
  const remove = ({ client }: Person, path: string): Promise<HttpAnswer> =>
    client.send({ method: 'DELETE', path: `/api/v1${path}`, headers: wait });

  /** A birthing person, and the token that lets others follow. */
  async function birthingPerson(name: string): Promise<Person & { readonly token: string }> {
    const one = await person(name);
    expect((await post(one, '/birthing-persons')).status).toBeLessThan(202);
    const token = await eventually(`${name} has a token`, async () => {
      const { status, body } = await one.client.get('/birthing-persons/me/share-token');
      return status === 200 ? String((body as Body).token) : undefined;
    });
    return { ...one, token };
  }

  async function subscriber(name: string, contactMethods: readonly string[], more?: Body): Promise<Person> {
    const one = await person(name, more);
    expect((await post(one, '/subscribers', { contact_methods: contactMethods })).body).toMatchObject({
      id: one.id,
      full_name: name,
      contact_methods: contactMethods,
    });
    return one;
  }

  const subscribe = (one: Person, to: Person & { readonly token: string }, token = to.token): Promise<HttpAnswer> =>
    post(one, '/subscriptions', { birthing_person_id: to.id, token });

  async function follower(name: string, to: Person & { readonly token: string }, ...methods: readonly string[]) {
    const one = await subscriber(name, methods, methods.length > 1 ? { phone_number: '+441632960961' } : {});
    expect((await subscribe(one, to)).status).toBe(201);
    return one;
  }

  const list = async ({ client }: Person, path: string): Promise<readonly Body[]> =>
    ((await client.get(path)).body as { items: readonly Body[] }).items;

  const mailTo = ({ email }: Pick<Person, 'email'>, subject: string): Promise<TakenMail> =>
    eventually(`a mail to ${email} about ${subject}`, async () =>
      mails.mailsTo(email).find(({ headers }) => headers.get('subject')?.includes(subject)),
    );
  const subjects = ({ email }: Person): readonly (string | undefined)[] =>
    mails.mailsTo(email).map(({ headers }) => headers.get('subject'));

  it('goes through all that may happen to a subscription', async () => {
    const [ada, grace] = await Promise.all([birthingPerson('Ada Lovelace'), subscriber('Grace Hopper', ['email'])]);
    expect(ada.token).toMatch(/^[A-HJ-NP-Z2-9]{10}$/);

    const begun = await subscribe(grace, ada);
    expect(begun).toMatchObject({
      status: 201,
      body: {
        status: 'subscribed',
        role: 'loved_one',
        birthing_person_name: 'Ada Lovelace',
        contact_methods: ['email'],
      },
    });
    const id = String((begun.body as Body).id);
    const path = `/subscriptions/${id}`;
    const refused = (reason: string, status = 400) => ({ status, body: { reason } });
    const becomes = (status: string) => ({ status: 200, body: { id, status } });
    expect(begun.headers.location).toBe(`/api/v1${path}`);
    expect(await grace.client.get(path)).toMatchObject(becomes('subscribed'));
    expect(await subscribe(grace, ada)).toMatchObject(refused('already_subscribed'));
    expect(await post(ada, `${path}/approve`)).toMatchObject(refused('already_subscribed'));
    expect(await post(ada, `${path}/unblock`)).toMatchObject(refused('not_blocked'));

    expect(await put(ada, `${path}/role`, { role: 'birth_partner' })).toMatchObject({
      body: { role: 'birth_partner' },
    });
    expect(await put(ada, `${path}/role`, { role: 'birth_partner' })).toMatchObject(refused('role_unchanged'));
    expect(await put(ada, `${path}/role`, { role: 'boss' })).toMatchObject(refused('role_invalid'));
    expect(await put(grace, `${path}/role`, { role: 'loved_one' })).toMatchObject(
      refused('subscription_not_found', 404),
    );
    expect(await put(grace, `${path}/contact-methods`, { contact_methods: ['sms', 'email'] })).toMatchObject({
      body: { contact_methods: ['sms', 'email'] },
    });
    expect(await put(grace, `${path}/contact-methods`, { contact_methods: ['sms', 'whatsapp'] })).toMatchObject({
      body: { contact_methods: ['whatsapp'] },
    });

    expect((await remove(grace, `/subscriptions?birthing_person_id=${ada.id}`)).status).toBe(204);
    expect(await remove(grace, `/subscriptions?birthing_person_id=${ada.id}`)).toMatchObject(refused('not_subscribed'));
    expect(await grace.client.get(path)).toMatchObject(refused('subscription_not_found', 404));
    expect(await post(ada, `${path}/approve`)).toMatchObject(refused('not_requested'));

    expect(await put(ada, '/birthing-persons/me/share-settings', { approval_required: true })).toMatchObject({
      body: { approval_required: true, token: ada.token },
    });
    expect(await subscribe(grace, ada)).toMatchObject({ body: { status: 'requested', role: 'loved_one' } });
    expect(await subscribe(grace, ada)).toMatchObject(refused('already_requested'));
    const asked = await mailTo(ada, 'Grace Hopper asks to follow you');
    expect(asked.text).toContain(`${publicUrl}${path}`);
    expect(await list(ada, '/birthing-persons/me/subscriptions?status=requested')).toMatchObject([
      { id, subscriber_name: 'Grace Hopper' },
    ]);
    expect(await post(ada, `${path}/approve`)).toMatchObject(becomes('subscribed'));
    expect((await mailTo(grace, 'You may follow Ada Lovelace')).text).toContain('Hello Grace Hopper,');

    expect(await post(ada, `${path}/remove`)).toMatchObject(becomes('removed'));
    expect(await post(ada, `${path}/remove`)).toMatchObject(refused('already_removed'));
    expect(await subscribe(grace, ada)).toMatchObject({ body: { status: 'requested' } });
    expect(await post(ada, `${path}/block`)).toMatchObject(becomes('blocked'));
    expect(await subscribe(grace, ada)).toMatchObject(refused('subscriber_blocked', 403));
    expect(await post(ada, `${path}/approve`)).toMatchObject(refused('subscriber_blocked'));
    expect(await list(grace, '/subscriptions')).toEqual([]);
    expect(await post(ada, `${path}/unblock`)).toMatchObject(becomes('removed'));
    expect(await list(ada, '/birthing-persons/me/subscriptions')).toMatchObject([{ id, status: 'removed' }]);
    await eventually(
      'Ada is told of the second request, too',
      () => subjects(ada).filter((subject) => subject?.includes('asks to follow')).length === 2,
    );
  });

  it('needs the token, which is neither read nor guessed by others', async () => {
    const [ada, grace, kay] = await Promise.all([
      birthingPerson('Ada Lovelace'),
      subscriber('Grace Hopper', []),
      subscriber('Kay McNulty', []),
    ]);
    const missing = { status: 404, body: { reason: 'birthing_person_not_found' } };
    expect(await grace.client.get('/birthing-persons/me/share-token')).toMatchObject(missing);
    expect(await post(grace, '/birthing-persons/me/share-token/rotate')).toMatchObject(missing);

    const rotated = await post(ada, '/birthing-persons/me/share-token/rotate');
    const token = String((rotated.body as Body).token);
    expect(token).not.toBe(ada.token);
    for (let n = 0; n < 5; n++)
      expect(await subscribe(grace, ada)).toMatchObject({
        status: 403,
        body: { reason: 'subscription_token_incorrect' },
      });
    const stopped = await subscribe(grace, ada, token);
    expect(stopped).toMatchObject({ status: 429, body: { reason: 'token_attempts_exceeded' } });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(800);

    expect(await subscribe(kay, ada, token)).toMatchObject({ status: 201, body: { status: 'subscribed' } });
    const stored = await lab.database.query<{ text: string }>(
      `select data::text as text from platform.events where stream_id = $1
       union all select coalesce(payload::text, '') from platform.commands`,
      [ada.id],
    );
    expect(stored.filter(({ text }) => text.includes(token) || text.includes(ada.token))).toEqual([]);
  });

  it('tells of a birth: each what concerns them, by each way that they want, once', async () => {
    const ada = await birthingPerson('Ada Lovelace');
    const [grace, kay, jean, betty] = await Promise.all([
      follower('Grace Hopper', ada, 'email', 'sms'),
      follower('Kay McNulty', ada, 'email'),
      follower('Jean Bartik', ada, 'email'),
      follower('Betty Holberton', ada, 'email', 'whatsapp'),
    ]);
    await remove(jean, `/subscriptions?birthing_person_id=${ada.id}`);

    const start = Date.now() - 60 * minute;
    const time = (minutes: number): string => new Date(start + minutes * minute).toISOString();
    expect((await post(ada, '/labours/begin', { first_labour: false, start_time: time(0) })).status).toBeLessThan(202);
    // A contraction of more than a minute every four minutes: with the sixth it is time for hospital.
    for (let n = 1; n <= 7; n++) {
      expect((await post(ada, '/labours/active/contractions', { start_time: time(4 * n) })).status).toBeLessThan(300);
      const end = { intensity: 5, end_time: time(4 * n + 1.2) };
      expect((await put(ada, '/labours/active/contractions/end', end)).status).toBe(200);
    }
    expect((await post(ada, '/labours/active/updates', { type: 'status_update', message: 'Tea' })).status).toBeLessThan(
      300,
    );
    const announcement = { type: 'announcement', message: 'On our way <3' };
    expect((await post(ada, '/labours/active/updates', announcement)).status).toBeLessThan(300);
    await eventually('Grace sees the phase', async () => (await list(grace, '/subscriptions'))[0]?.phase === 'early');
    expect((await put(ada, '/labours/active/complete', { notes: 'A girl!' })).status).toBe(200);

    const told = [
      'Ada Lovelace is going into labour',
      'It is time to take Ada Lovelace to hospital',
      'Ada Lovelace has shared a message',
      'Good news of Ada Lovelace',
    ];
    for (const one of [grace, kay, betty]) for (const subject of told) await mailTo(one, subject);
    await eventually('all texts are there', async () => texts.messages.length >= 8);
    for (const one of [grace, kay, betty]) {
      const ofAda = subjects(one).filter((subject) => subject?.includes('Ada'));
      expect(ofAda).toHaveLength(told.length);
      expect(new Set(ofAda)).toEqual(new Set(told));
    }
    expect(subjects(jean).filter((subject) => subject?.includes('Ada'))).toEqual([]);
    expect((await mailTo(kay, 'shared a message')).text).toContain('On our way <3');
    expect((await mailTo(kay, 'shared a message')).html).toContain('On our way &lt;3');
    expect((await mailTo(kay, 'Good news')).text).toContain('A girl!');
    expect((await mailTo(kay, 'going into labour')).text).toContain(`${publicUrl}/births/${ada.id}`);
    for (const way of [/^\+/, /^whatsapp:\+/]) expect(texts.messages.filter(({ to }) => way.test(to))).toHaveLength(4);
    expect(await list(grace, '/subscriptions')).toMatchObject([{ phase: 'complete' }]);
  });

  it('begins with an invitation, whose link has the token', async () => {
    const [ada, grace] = await Promise.all([birthingPerson('Ada Lovelace'), person('Grace Hopper')]);
    const [invited, recommended] = ['invited', 'recommended'].map((who) => ({
      email: `${who}.${newId()}@example.org`,
    }));
    expect((await post(ada, '/labours/plan', { first_labour: true, due_date: '2030-03-01' })).status).toBeLessThan(202);
    expect((await post(ada, '/labours/active/invites', invited)).status).toBe(204);
    const mail = await mailTo(invited as { email: string }, 'Ada Lovelace wants to share a birth with you');
    expect(mail.text).toContain(`${publicUrl}/follow/${ada.id}#token=${ada.token}`);
    const stored = await lab.database.query<{ message: string }>(
      `select message from notifications.notifications where template = 'labour_invite'`,
    );
    expect(stored).toHaveLength(1);
    expect(stored[0]?.message).not.toContain(ada.token);

    expect((await post(grace, '/subscribers/invites', recommended)).status).toBe(204);
    const recommendation = await mailTo(recommended as { email: string }, 'Grace Hopper recommends');
    expect(recommendation.text).toContain(publicUrl);
  });

  it('shows who somebody is by now, and ends with the account of either', async () => {
    const [ada, eve] = await Promise.all([birthingPerson('Ada Lovelace'), birthingPerson('Eve')]);
    const grace = await follower('Grace Hopper', ada, 'email');
    const kay = await follower('Kay McNulty', ada, 'email');
    expect((await subscribe(grace, eve)).status).toBe(201);
    const followers = async (): Promise<readonly unknown[]> =>
      (await list(ada, '/birthing-persons/me/subscriptions?sort=created_at')).map((one) => one.subscriber_name);
    await kay.client.send({
      method: 'PATCH',
      path: `/api/v1/users/${kay.id}/profile`,
      body: { first_name: 'Kathleen', last_name: 'Antonelli' },
      headers: wait,
    });
    await eventually('the new name is shown', async () => (await followers()).includes('Kathleen Antonelli'));

    expect((await remove(kay, `/users/${kay.id}`)).status).toBe(204);
    await eventually('Kay follows no more', async () => (await followers()).join() === 'Grace Hopper');
    expect((await remove(ada, `/users/${ada.id}`)).status).toBe(204);
    await eventually('nobody follows Ada', async () =>
      (await list(grace, '/subscriptions')).every((one) => one.birthing_person_id === eve.id),
    );
    expect((await list(grace, '/subscriptions')).length).toBe(1);
    expect(await subscribe(grace, ada)).toMatchObject({ status: 404, body: { reason: 'birthing_person_not_found' } });
  });
});
