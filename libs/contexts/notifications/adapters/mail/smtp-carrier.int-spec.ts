import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { MailServer, type MailBehaviour, type TakenMail } from '#testing/mail-server.js';
import { freePort } from '#testing/ports.js';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { GuardedGateway } from '../sending/guarded-gateway.js';
import { SmtpCarrier, type SmtpOptions } from './smtp-carrier.js';

const publicUrl = 'https://api.example.org';
const patience = { connect: 500, answer: 300 };

let server: MailServer;
const carriers: SmtpCarrier[] = [];

beforeEach(async () => {
  server = await MailServer.start();
});
afterEach(async () => {
  for (const carrier of carriers.splice(0)) carrier.close();
  await server.stop();
});

function gateway(options: Partial<SmtpOptions> = {}): GuardedGateway {
  const { SMTP_URL, MAIL_FROM } = server.settings as Record<string, string>;
  const usual = { server: SMTP_URL as string, from: MAIL_FROM as string, publicUrl, production: false, patience };
  const carrier = new SmtpCarrier({ ...usual, ...options });
  carriers.push(carrier);
  return new GuardedGateway(carrier, { patience: 5_000, pause: 300 });
}

const message = (said: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  notificationId: newId(),
  recipient: 'ada@example.org',
  title: 'Welcome',
  message: 'Hello Ada,\n\nwelcome.',
  attempt: 1,
  listUnsubscribe: false,
  ...said,
});
const inTime = (): AbortSignal => AbortSignal.timeout(10_000);
const only = (): TakenMail => {
  expect(server.mails).toHaveLength(1);
  return server.mails[0] as TakenMail;
};

describe('A mail', () => {
  it('arrives as text and as HTML, from us, under the id of the notification', async () => {
    const sent = message({ title: 'Grüße 👋', message: `Hello Ada & <b>all</b>,\n\nsee ${publicUrl}/tasks.` });
    expect(await gateway().send(sent, inTime())).toEqual({
      kind: 'accepted',
      externalId: `<${sent.notificationId}@contextflow>`,
    });
    const { from, recipients, headers, text, html } = only();
    expect([from, recipients]).toEqual(['no-reply@contextflow.example', ['ada@example.org']]);
    expect(Object.fromEntries(headers)).toMatchObject({
      from: 'ContextFlow <no-reply@contextflow.example>',
      to: 'ada@example.org',
      subject: 'Grüße 👋',
      'message-id': `<${sent.notificationId}@contextflow>`,
      'auto-submitted': 'auto-generated',
    });
    expect(headers.has('list-unsubscribe')).toBe(false);
    expect(text.trim()).toBe(sent.message);
    expect(html).toContain('<p>Hello Ada &amp; &lt;b&gt;all&lt;/b&gt;,</p>');
    expect(html).toContain(`<a href="${publicUrl}/tasks">`);
  });

  it('says how to hear no more of its topic, where that can be chosen', async () => {
    await gateway().send(message({ listUnsubscribe: true }), inTime());
    expect(only().headers.get('list-unsubscribe')).toBe(`<${publicUrl}/notifications/preferences>`);
  });

  it('has one subject and one recipient, whatever stands in its title', async () => {
    await gateway().send(message({ title: 'Hello\r\nBcc: bob@example.org\r\n\r\n<b>body</b>' }), inTime());
    const { recipients, headers, html } = only();
    expect(recipients).toEqual(['ada@example.org']);
    expect(headers.get('subject')).toBe('Hello Bcc: bob@example.org <b>body</b>');
    expect(headers.has('bcc')).toBe(false);
    expect(html).not.toContain('body</b>');
  });

  it.each([
    'ada@example.org, bob@example.org',
    'ada@example.org\r\nRCPT TO:<bob@example.org>',
    'Ada <ada@example.org>',
    '"ada, bob"@example.org',
  ])('to %j goes to nobody', async (recipient) => {
    expect(await gateway().send(message({ recipient }), inTime())).toEqual({
      kind: 'refused',
      error: 'recipient_invalid',
      permanent: true,
    });
    expect(server.mails).toEqual([]);
  });

  it('with lines that end a message, or look like commands, stays one message', async () => {
    const text = 'a\r\n.\r\nRSET\r\nMAIL FROM:<x@example.org>\r\n.';
    await gateway().send(message({ message: text }), inTime());
    expect(only().text.trim()).toBe(text.replaceAll('\r\n', '\n'));
  });
});

describe('A mail server', () => {
  const sendTo = (behaviour: MailBehaviour): Promise<Delivery> => {
    server.behave(behaviour);
    return gateway().send(message(), inTime());
  };

  it.each([
    [{ at: 'recipient', code: 450 }, false, '450 try again later'],
    [{ at: 'recipient', code: 550 }, true, '550 no such mailbox'],
    [{ at: 'message', code: 451 }, false, '451 try again later'],
    [{ at: 'message', code: 554 }, true, '554 no such mailbox'],
    [{ at: 'message', code: 421 }, false, '421 try again later'],
  ] as const)('that answers %j has refused it, for good: %s', async (behaviour, permanent, error) => {
    expect(await sendTo(behaviour)).toEqual({ kind: 'refused', error, permanent });
  });

  it('that never answers has refused it for now, when the time is over', async () => {
    expect(await sendTo('hang')).toEqual({ kind: 'refused', error: 'timeout', permanent: false });
    expect(server.attempts).toBe(1);
  });

  it('that goes away without an answer may have it, so it is sent again only later', async () => {
    expect(await sendTo('drop')).toMatchObject({ kind: 'refused', permanent: false });
    expect(server.mails).toHaveLength(1);
  });

  it('that goes away right after its answer has taken it', async () => {
    expect(await sendTo('drop_after_answer')).toMatchObject({ kind: 'accepted' });
    server.behave(undefined);
    expect(server.mails).toHaveLength(1);
  });

  it('that is not there yet is asked again at once', async () => {
    const port = await freePort();
    const sending = gateway({ server: `smtp://127.0.0.1:${port}` }).send(message(), inTime());
    const late = await MailServer.start({ port });
    try {
      expect(await sending).toMatchObject({ kind: 'accepted' });
      expect(late.mails).toHaveLength(1);
    } finally {
      await late.stop();
    }
  });

  it('is given one message after the other over few connections, of which a refused one closes none', async () => {
    const mail = gateway();
    server.behave({ at: 'recipient', code: 550 }, 'bad@example.org');
    const recipients = Array.from({ length: 40 }, (_, n) => (n % 4 ? `ada${n}@example.org` : 'bad@example.org'));
    const deliveries = await Promise.all(recipients.map((recipient) => mail.send(message({ recipient }), inTime())));
    expect(deliveries.filter(({ kind }) => kind === 'accepted')).toHaveLength(30);
    expect(server.mails).toHaveLength(30);
    expect(server.connections).toBeLessThanOrEqual(10);
  });

  it('that is away for long is not asked for a while', async () => {
    const mail = gateway({ server: `smtp://127.0.0.1:${await freePort()}` });
    const errors: string[] = [];
    for (let n = 0; n < 3; n++) {
      const delivery = await mail.send(message(), inTime());
      if (delivery.kind === 'refused') errors.push(`${delivery.error} ${delivery.permanent}`);
    }
    expect(errors).toEqual([
      expect.stringContaining('ESOCKET'),
      'gateway_unavailable false',
      'gateway_unavailable false',
    ]);
  });

  it('gets nothing any more of what was called off', async () => {
    server.behave('hang');
    const calledOff = AbortSignal.timeout(50);
    expect(await gateway({ patience: { connect: 500, answer: 5_000 } }).send(message(), calledOff)).toEqual({
      kind: 'refused',
      error: 'timeout',
      permanent: false,
    });
    expect(server.mails).toEqual([]);
  });
});

describe('A connection to a mail server', () => {
  it('is secured when the server offers it, and proves who asks', async () => {
    const safe = await MailServer.start({ tls: true, user: 'ada@example.org', password: 'p/ss' });
    try {
      const url = `smtp://ada%40example.org:p%2Fss@127.0.0.1:${safe.port}`;
      expect(await gateway({ server: url }).send(message(), inTime())).toMatchObject({ kind: 'accepted' });
      expect(safe.secured).toBe(1);
      expect(await gateway({ server: url.replace('p%2F', 'x') }).send(message(), inTime())).toMatchObject({
        kind: 'refused',
        error: expect.stringMatching(/^535 /),
        permanent: false,
      });
    } finally {
      await safe.stop();
    }
  });

  it('is not made, in production, to another machine that offers no TLS', async () => {
    // This machine as well, but not by what it is called here.
    const url = `smtp://127.1:${server.port}`;
    expect(await gateway({ server: url, production: true }).send(message(), inTime())).toEqual({
      kind: 'refused',
      error: expect.stringMatching(/ETLS|50\d/),
      permanent: false,
    });
    expect(await gateway({ server: url }).send(message(), inTime())).toMatchObject({ kind: 'accepted' });
  });
});
