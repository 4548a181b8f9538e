import assert from 'node:assert/strict';

import { templateIdOf } from '#contexts/notifications/contract/index.js';
import { newId } from '#kernel';
import { developmentSigningKey } from '#platform/config/development.js';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import type { HttpAnswer, HttpRequest } from '#testing/http-client.js';
import type { Lab } from '#testing/lab.js';

import type { Installation } from './installation.js';

/** What an attack must be answered with. */
export interface Refusal {
  readonly status: number | readonly number[];
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests that are under way at the same time. */
const together = 8;

const visitor = 'aimed-at';

const base64OfKey = developmentSigningKey.replaceAll(/-----[A-Z ]+-----|\s/g, '');
const aboutCode = /\bat \S+ \(|node_modules|\.[cm]?[jt]s:\d+|node:internal/;
const aboutSql =
  /\bselect\b.+\bfrom\b|\binsert into\b|\bdelete from\b|\bsyntax error at or near\b|\brelation "|\bplatform\.[a-z]+/i;

/** Routes that only administrators may use: whoever is none is told so, and learns nothing else. */
const forAdministrators =
  /^\/api\/v1\/(ops\/|activity|auth\/service-clients|auth\/users\/|users(\?|$)|users\/[^/]+\/(activate|verify)$|notification-templates|notifications(\?|$)|notifications\/[^/]+\/(send|retry)$|tracking\/(events|stats)|attribution\/)/;

export const isForAdministrators = (path: string): boolean => forAdministrators.test(path);

/** Somebody's account, task, category, notification and birth, and a visitor's conversion, at which attacks are aimed. */
export class Target {
  private constructor(
    readonly lab: Lab,
    readonly owner: Client,
    /** Whom the routes of operators let in. */
    readonly operator: Client,
    readonly taskId: string,
    readonly categoryId: string,
    readonly notificationId: string,
    readonly conversionId: string,
    /** Those of a birth, by the names that they have in paths. */
    readonly birth: Readonly<Record<string, string>>,
    /** Texts that must occur in no answer. */
    readonly secrets: readonly string[],
  ) {}

  /** Another target on the installation, with an owner of its own. */
  static async at({ lab, api, secrets }: Installation): Promise<Target> {
    const owner = lab.client(await account({ lab, api }), { api });
    const operator = lab.client(newId(), { api, roles: ['admin'] });
    const made = await Promise.all([
      owner.command('/tasks', { title: 'Aimed at' }),
      owner.command('/categories', { name: 'Aimed at' }),
    ]);
    for (const { command_id: id } of made) await owner.outcome(id);
    const told = await operator.command('/notifications', {
      channel: 'in_app',
      user_id: owner.userId,
      title: 'Aimed at',
      message: 'Aimed at',
    });
    await operator.outcome(told.command_id);
    await operator.post('/notification-templates', template, { prefer: 'wait=30' });
    const converted = await operator.command('/attribution/conversions', {
      visitor_id: visitor,
      conversion_type: 'purchase',
      value: '1.00',
    });
    await operator.outcome(converted.command_id);
    const birth = await birthOf(owner, lab.client(newId(), { api }));
    const [taskId, categoryId] = made.map(({ resource_id: id }) => id) as [string, string];
    const ids = [taskId, categoryId, told.resource_id, converted.resource_id] as const;
    return new Target(lab, owner, operator, ...ids, birth, [...secrets, base64OfKey]);
  }

  /** What may stand in a path for that parameter. */
  idOf(parameter: string): string {
    const { taskId, categoryId, notificationId, conversionId, owner, birth } = this;
    const known: Readonly<Record<string, string>> = {
      ...birth,
      category_id: categoryId,
      notification_id: notificationId,
      conversion_id: conversionId,
      visitor_id: visitor,
      template_id: templateIdOf(template.name, template.channel),
      user_id: owner.userId,
      role: 'analyst',
      name: template.name,
      channel: template.channel,
    };
    return known[parameter] ?? taskId;
  }

  get port(): number {
    return this.owner.http.port;
  }

  /**
   * Everything that a request could change. A rejected command is on record, but has changed nothing; what follows the log
   * may still be on its way.
   */
  async state(): Promise<Readonly<Record<string, unknown>>> {
    const { database } = this.lab;
    const readModels = await database.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema', 'platform', 'public')
         and format('%I.%I', schemaname, tablename) not in (select name from platform.projections where not inline)
       order by name`,
    );
    const tables = [
      ...readModels.map(({ name }) => name),
      'platform.events',
      'platform.parked_commands',
      'platform.dead_messages',
      `(select id from platform.commands where status <> 'rejected')`,
    ];
    const prints = tables.map(
      (table) => `(select json_build_array(count(*), md5(string_agg(t::text, ',' order by t::text))) from ${table} t)`,
    );
    const { state } = await database.one<{ state: unknown[] }>(
      `select json_build_array(${prints.join(', ')}) as state`,
    );
    return Object.fromEntries(tables.map((table, at) => [table, state[at]]));
  }

  /** Sends it in the name of the owner, or of an operator if only they may, who waits for the outcome. */
  send(request: HttpRequest): Promise<HttpAnswer> {
    const sender = isForAdministrators(request.path) ? this.operator : this.owner;
    return sender.send({ ...request, headers: { prefer: 'wait=5', ...request.headers } });
  }

  /** Sends it, and expects a problem document of that status that discloses nothing, and that nothing has changed. */
  async refuses(request: HttpRequest, refusal: Refusal): Promise<HttpAnswer> {
    const [answer] = await this.refusesEach([request], refusal);
    return answer as HttpAnswer;
  }

  /** Sends several, a few at a time, and expects of each what `refuses` does. */
  async refusesEach(requests: readonly HttpRequest[], refusal: Refusal): Promise<HttpAnswer[]> {
    const answers = await this.unchanged(() => this.sendEach(requests));
    for (const [at, answer] of answers.entries()) this.expectRefusal(answer, refusal, requests[at]);
    return answers;
  }

  async sendEach(requests: readonly HttpRequest[]): Promise<HttpAnswer[]> {
    const answers: HttpAnswer[] = [];
    for (let at = 0; at < requests.length; at += together)
      answers.push(...(await Promise.all(requests.slice(at, at + together).map((request) => this.send(request)))));
    return answers;
  }

  /** @returns what the work returns, once it is certain that it has changed nothing */
  async unchanged<T>(work: () => Promise<T>): Promise<T> {
    const before = await this.state();
    const done = await work();
    assert.deepEqual(await this.state(), before, 'something has changed');
    return done;
  }

  /** @param request what was answered, to be told when the test fails */
  expectRefusal(answer: HttpAnswer, { status, reason, headers = {} }: Refusal, request?: HttpRequest): void {
    const problem = answer.body as { readonly status?: unknown; readonly reason?: unknown } | undefined;
    const seen = `\n${answer.status} ${answer.text.slice(0, 300)}\n${request ? JSON.stringify(request).slice(0, 300) : ''}`;
    assert([status].flat().includes(answer.status), `the status is not ${[status].flat().join(' or ')}${seen}`);
    if (reason !== undefined) assert.equal(problem?.reason, reason, `the reason is not ${reason}${seen}`);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json(;|$)/, `it is no problem${seen}`);
    assert.equal(problem?.status, answer.status, `the problem has another status${seen}`);
    for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value, `${name}${seen}`);
    this.expectDiscreet(answer.text);
  }

  /** The text tells nothing of code, statements and secrets. */
  expectDiscreet(text: string): void {
    assert.doesNotMatch(text, aboutCode);
    assert.doesNotMatch(text, aboutSql);
    for (const secret of this.secrets) assert(!text.includes(secret), `a secret is told: ${text.slice(0, 300)}`);
  }
}

/** There once, however many targets there are. */
const template = {
  name: 'aimed_at',
  channel: 'email',
  topic: 'tasks',
  subject: 'Aimed at',
  body: 'Aimed at',
  variables: {},
} as const;

/** Whether somebody is known to all contexts, has a first task, and is welcomed where there is a mail for that. */
const settled = `
  select exists (select from users.profiles where id = $1)
    and exists (select from notifications.recipients where id = $1)
    and exists (select from tasks.task_list where user_id = $1)
    and exists (select from labour.birthing_people where id = $1)
    and exists (select from subscriptions.subscribers where id = $1)
    and (not exists (select from notifications.templates where name = 'welcome')
      or exists (select from notifications.notifications where user_id = $1 and status <> 'pending')) as settled`;

/** A birth that goes on, and is followed by a friend. */
async function birthOf(person: Client, friend: Client): Promise<Readonly<Record<string, string>>> {
  const done = async (client: Client, path: string, body?: unknown): Promise<string> => {
    const { command_id: id, resource_id: made } = await client.command(path, body);
    assert.equal((await client.outcome(id)).status, 'succeeded');
    return made;
  };
  await done(person, '/birthing-persons');
  await done(person, '/subscribers', { contact_methods: [] });
  await done(friend, '/subscribers', { contact_methods: [] });
  await done(person, '/labours/begin', { first_labour: true });
  const contractionId = await done(person, '/labours/active/contractions', { notes: 'Aimed at' });
  const update = await person.post(
    '/labours/active/updates',
    { type: 'private_note', message: 'Aimed at' },
    { prefer: 'wait=30' },
  );
  const { id: labourId, updates } = update.body as { id: string; updates: { id: string }[] };
  const { token } = await eventually('the birth can be followed', async () => {
    const { status, body } = await person.get('/birthing-persons/me/share-token');
    return status === 200 ? (body as { token: string }) : undefined;
  });
  const subscriptionId = await done(friend, '/subscriptions', { birthing_person_id: person.userId, token });
  return {
    birthing_person_id: person.userId,
    subscriber_id: person.userId,
    subscription_id: subscriptionId,
    labour_id: labourId,
    contraction_id: contractionId,
    labour_update_id: String(updates.at(-1)?.id),
  };
}

/** Registers somebody. @returns their id, once all that follows from it is done */
export async function account({ lab, api }: Pick<Installation, 'lab' | 'api'>): Promise<string> {
  const name = newId();
  const { http } = lab.client(newId(), { api });
  const request: HttpRequest = {
    method: 'POST',
    path: '/api/v1/auth/register',
    body: { email: `${name}@example.org`, password: `aimed at ${name}` },
    headers: { prefer: 'wait=30' },
  };
  // Only so many passwords are hashed at a time, and there are attacks that send many.
  const { status, body } = await eventually('it is taken', async () => {
    const answer = await http.send(request);
    return answer.status === 429 ? undefined : answer;
  });
  assert.equal(status, 201, JSON.stringify(body));
  const { id } = body as { id: string };
  await eventually('all that follows is done', async () => {
    const { settled: done } = await lab.database.one<{ settled: boolean }>(settled, [id]);
    return done;
  });
  return id;
}
