import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { builtInTemplates } from '#contexts/notifications/contract/index.js';
import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { MailServer } from '#testing/mail-server.js';
import { TraceCollector, type CollectedSpan } from '#testing/trace-collector.js';

const callersSpan = '00f067aa0ba902b7';
const server = 2;

describe('A trace', () => {
  let lab: Lab;
  let mails: MailServer;
  let collector: TraceCollector;
  let api: AppProcess;
  let anybody: HttpClient;

  beforeAll(async () => {
    [lab, mails, collector] = await Promise.all([Lab.open(), MailServer.start(), TraceCollector.start()]);
    [api] = await Promise.all([lab.api(collector.settings), lab.worker({ ...mails.settings, ...collector.settings })]);
    anybody = new HttpClient(api.port);
    const welcome = builtInTemplates.find(({ name, channel }) => name === 'welcome' && channel === 'email');
    const { name, channel, topic, subject, body, variables } = welcome as (typeof builtInTemplates)[number];
    const template = { name, channel, topic, subject, body, variables };
    const admin = lab.client(newId(), { roles: ['admin'] });
    const made = await admin.post('/notification-templates', template, { prefer: 'wait=10' });
    if (made.status !== 201) throw new Error(`no template was made: ${made.status} ${made.text}`);
  });
  afterAll(async () => {
    anybody?.close();
    await lab?.close();
    await Promise.all([mails?.stop(), collector?.stop()]);
  });

  const newTrace = (): string => newId().replaceAll('-', '');
  const within = (traceId: string): Record<string, string> => ({ traceparent: `00-${traceId}-${callersSpan}-01` });

  const span = (traceId: string, name: string): Promise<CollectedSpan> =>
    eventually(`a span "${name}"`, async () =>
      collector.spans.find((each) => each.traceId === traceId && each.name === name),
    );

  /** What it is part of, from itself up to what no process of ours knows. */
  function ancestry(last: CollectedSpan): CollectedSpan[] {
    const parent = collector.spans.find(({ spanId }) => spanId === last.parentSpanId);
    return [last, ...(parent ? ancestry(parent) : [])];
  }

  it('leads from a request to the mail that follows from it, and tells nobody who gets it', async () => {
    const traceId = newTrace();
    const username = `p${newId().slice(-12)}`;
    const password = `Pass ${newId()}`;
    const email = `${username}@example.org`;
    await anybody.send({
      method: 'POST',
      path: '/api/v1/auth/register',
      body: { email, username, password },
      headers: within(traceId),
    });
    const mail = await span(traceId, 'send email');
    await span(traceId, 'POST /api/v1/auth/register');
    // What is within another span ends before it, but comes from another process.
    const way = await eventually('the whole way', async () => {
      const found = ancestry(mail);
      return found.at(-1)?.kind === server && found;
    });
    expect(way.map(({ name }) => name).toReversed()).toEqual([
      'POST /api/v1/auth/register',
      'publish auth.register_user.v1',
      'process auth.register_user.v1',
      'process user.registered.v1',
      'publish users.create_profile.v1',
      'process users.create_profile.v1',
      'process user.created.v1',
      'publish notifications.request_notification.v1',
      'process notifications.request_notification.v1',
      'process notification.requested.v1',
      'publish notifications.send_notification.v1',
      'process notifications.send_notification.v1',
      'send email',
    ]);
    expect(way.at(-1)).toMatchObject({ service: 'contextflow-api', parentSpanId: callersSpan });
    expect(way[0]).toMatchObject({ service: 'contextflow-worker', failed: false });

    const run = await span(traceId, 'process auth.register_user.v1');
    for (const name of ['commit group', 'publish user.registered.v1'])
      await eventually(`"${name}" in the run`, async () =>
        collector.spans.some((each) => each.name === name && each.parentSpanId === run.spanId),
      );
    const told = JSON.stringify(collector.spans);
    for (const secret of [username, email, password]) expect(told).not.toContain(secret);
  });

  it('shows a rejection as an answer, not as a failure', async () => {
    const traceId = newTrace();
    const client = lab.client(newId());
    const headers = { ...within(traceId), prefer: 'wait=10' };
    expect((await client.post(`/tasks/${newId()}/complete`, undefined, headers)).status).toBe(404);
    const run = await span(traceId, 'process tasks.complete_task.v1');
    expect(run).toMatchObject({
      failed: false,
      attributes: { 'contextflow.command.status': 'rejected', 'contextflow.command.reason': 'task_not_found' },
    });
    expect((await span(traceId, 'event_store_read')).parentSpanId).toBe(run.spanId);
    expect(await span(traceId, 'POST /api/v1/tasks/:task_id/complete')).toMatchObject({
      failed: false,
      attributes: { 'http.response.status_code': 404 },
    });
  });

  it('ends with the process that was part of it, which tells what it knows first', async () => {
    const traceId = newTrace();
    await lab.client(newId()).send({ path: '/api/v1/tasks', headers: within(traceId) });
    expect(await api.terminate()).toMatchObject({ code: 0 });
    expect(collector.spans.filter((each) => each.traceId === traceId).map(({ name }) => name)).toContain(
      'GET /api/v1/tasks',
    );
  });
});
