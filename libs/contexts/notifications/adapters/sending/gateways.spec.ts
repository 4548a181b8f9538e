import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type FactoryProvider } from '@nestjs/common';

import { newId } from '#kernel';
import { WorkerSettings } from '#platform/config/settings.js';

import type { MessageGateway, OutgoingMessage } from '../../application/ports.js';
import { emailGateway } from '../mail/email-gateway.js';
import { pushGateway } from '../push/push-gateway.js';
import { smsGateway } from '../sms/sms-gateway.js';
import { whatsAppGateway } from '../whatsapp/whatsapp-gateway.js';
import { MessagingSettings } from './messaging-settings.js';

const links = { of: () => 'https://api.example.org/' };
const message = (recipient: string): OutgoingMessage => ({
  notificationId: newId(),
  recipient,
  title: 'A title',
  message: 'What it says',
  attempt: 1,
  listUnsubscribe: false,
});

const gateway = (provider: unknown, settings: Partial<WorkerSettings> = {}): MessageGateway =>
  (provider as FactoryProvider<MessageGateway>).useFactory(
    new MessagingSettings(Object.assign(new WorkerSettings(), settings)),
    links,
  ) as MessageGateway;
const soon = (): AbortSignal => AbortSignal.timeout(1_000);

describe('Without a provider', () => {
  const lines: unknown[] = [];
  beforeEach(() => {
    lines.length = 0;
    jest.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => void lines.push(line));
  });
  afterEach(() => void jest.restoreAllMocks());

  it.each([
    [emailGateway, 'ada@example.org', 'a•••@example.org', 'SMTP_URL'],
    [smsGateway, '+4930123456', '+49•••56', 'SMS_ACCOUNT'],
    [whatsAppGateway, '+4930123456', '+49•••56', 'WHATSAPP_FROM'],
    [pushGateway, 'device:0123456789abcdef', '•••cdef', 'FCM_SERVICE_ACCOUNT'],
  ])(
    'development tells in the log that there is a message, and nothing of it',
    async (provider, to, masked, setting) => {
      const sent = message(to);
      expect(await gateway(provider).send(sent, soon())).toEqual({
        kind: 'accepted',
        externalId: `log:${sent.notificationId}`,
      });
      expect(lines).toMatchObject([{ message: expect.stringContaining(setting), recipient: masked, characters: 19 }]);
      for (const said of [sent.title, sent.message, to]) expect(JSON.stringify(lines)).not.toContain(said);
    },
  );

  it('production serves no notifications without a mail server', () => {
    expect(() => gateway(emailGateway, { nodeEnv: 'production' })).toThrow(/^SMTP_URL: set the server/);
  });

  it('production sends no mail in nobody’s name', () => {
    const smtpUrl = 'smtp://mail.example.org';
    expect(() => gateway(emailGateway, { nodeEnv: 'production', smtpUrl })).toThrow(/^MAIL_FROM: set a sender/);
    const mailFrom = 'no-reply@example.org';
    expect(() => gateway(emailGateway, { nodeEnv: 'production', smtpUrl, mailFrom })).not.toThrow();
  });

  it.each([
    [smsGateway, 'sms_not_configured'],
    [whatsAppGateway, 'whatsapp_not_configured'],
    [pushGateway, 'push_not_configured'],
  ])('production refuses messages to a telephone for good', async (provider, error) => {
    expect(await gateway(provider, { nodeEnv: 'production' }).send(message('+4930123456'), soon())).toEqual({
      kind: 'refused',
      error,
      permanent: true,
    });
  });
});
