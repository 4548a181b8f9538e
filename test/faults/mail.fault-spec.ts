import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { MailServer, type MailBehaviour } from '#testing/mail-server.js';

interface Told {
  readonly id: string;
  readonly address: string;
}

describe('Mail', () => {
  let lab: Lab;
  let mail: MailServer;
  let admin: Client;
  /** Dies when it has sent a mail. */
  let dying: AppProcess;

  beforeAll(async () => {
    mail = await MailServer.start();
    lab = await Lab.open();
    const lethal = { ...mail.settings, FAILPOINTS: 'notifications.after_send=kill@1' };
    [, dying] = await Promise.all([lab.api(), lab.worker(lethal)]);
    admin = lab.client(newId(), { roles: ['user', 'admin'] });
  });
  afterAll(async () => {
    await lab?.close();
    await mail?.stop();
  });

  async function tell(behaviour?: MailBehaviour): Promise<Told> {
    const address = `q${newId().slice(-12)}@example.org`;
    if (behaviour) mail.behave(behaviour, address);
    const body = { channel: 'email', recipient: address, title: 'The service rests tonight', message: 'From 22:00.' };
    const { resourceId: id } = await lab.send(admin, '/notifications', body);
    return { id, address };
  }

  /** Resolves once it is so. */
  const becomes = ({ id }: Told, status: string, error?: RegExp): Promise<unknown> =>
    eventually(
      `${id} is ${status}`,
      async () => {
        const { body } = await admin.get(`/notifications/${id}`);
        const seen = body as { status?: string; error_message?: string | null };
        if (seen.status !== status) throw new Error(`it is ${seen.status} (${seen.error_message})`);
        return error === undefined || error.test(String(seen.error_message));
      },
      { within: 30_000 },
    );

  /** Lets the retry that is scheduled for it be due now. */
  async function hurry(told: Told): Promise<void> {
    const inSeconds = await eventually('a retry is scheduled', async () => {
      const [row] = await lab.database.query<{ seconds: number }>(
        `select extract(epoch from s.due_at - failed.at)::int as seconds
         from platform.scheduled_commands s,
           (select max((data->>'failed_at')::timestamptz) as at from platform.events
            where stream_id = $1::text::uuid and type = 'notification.failed.v1') as failed
         where s.lane = $1::text and s.type = 'notifications.retry_notification.v1'`,
        [told.id],
      );
      return row?.seconds;
    });
    expect(inSeconds).toBe(60);
    mail.behave(undefined, told.address);
    await lab.database.query('update platform.scheduled_commands set due_at = now() where lane = $1', [told.id]);
  }

  const idsOf = ({ address }: Told): unknown[] => mail.mailsTo(address).map(({ headers }) => headers.get('message-id'));
  const idOf = ({ id }: Told): string => `<${id}@contextflow>`;

  it('F28: reaches a recipient at most twice, under the same id, where the worker died before it had written that down', async () => {
    const told = await tell();
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(idsOf(told)).toEqual([idOf(told)]);
    await lab.worker(mail.settings);
    await becomes(told, 'sent');
    expect(idsOf(told)).toEqual([idOf(told), idOf(told)]);
  }, 60_000);

  it('F28: reaches everybody whom it can, whatever the server does with that to others', async () => {
    const hanging = await tell('hang');
    const later = await tell({ at: 'recipient', code: 451 });
    const never = await tell({ at: 'message', code: 554 });
    const unanswered = await tell('drop');
    const answered = await tell('drop_after_answer');
    const others = await Promise.all(Array.from({ length: profiled({ short: 20, full: 300 }) }, () => tell()));

    for (const other of [...others, answered]) await becomes(other, 'sent');
    for (const other of [...others, answered]) expect(idsOf(other)).toEqual([idOf(other)]);

    await becomes(never, 'failed', /^554 /);
    await becomes(later, 'failed', /^451 /);
    await becomes(unanswered, 'failed', /connection/);
    expect(idsOf(later)).toEqual([]);
    for (const told of [later, unanswered]) await hurry(told);
    for (const told of [later, unanswered]) await becomes(told, 'sent');
    expect(idsOf(later)).toEqual([idOf(later)]);
    // The server had it, and nobody could know.
    expect(idsOf(unanswered)).toEqual([idOf(unanswered), idOf(unanswered)]);
    expect(await lab.database.query('select from platform.scheduled_commands where lane = $1', [never.id])).toEqual([]);

    // The worker waits long for a server that takes its time; the long profile sees it lose its patience.
    if (profiled({ short: true, full: false })) mail.hangUp();
    await becomes(hanging, 'failed', profiled({ short: /connection/, full: /^timeout$/ }));
    await hurry(hanging);
    await becomes(hanging, 'sent');
    expect(idsOf(hanging)).toEqual([idOf(hanging)]);
    await lab.end();
  }, 120_000);
});
