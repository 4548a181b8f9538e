import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { startSmsProvider, type SmsProvider } from '#testing/sms-provider.js';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { GuardedGateway } from '../sending/guarded-gateway.js';
import { TwilioCarrier } from '../twilio/twilio-carrier.js';
import { smsForm } from './sms-form.js';

const publicUrl = 'http://127.0.0.1:9';
let provider: SmsProvider;
let numbers = 0;

beforeAll(async () => {
  provider = await startSmsProvider();
});
afterAll(() => provider.stop());

const number = (): string => `+4930${String(100_000 + numbers++)}`;
const message = (recipient: string, text = 'The labour has begun.'): OutgoingMessage => ({
  notificationId: newId(),
  recipient,
  title: 'News',
  message: text,
  attempt: 1,
  listUnsubscribe: true,
});

function send(sent: OutgoingMessage, options: { from?: string; token?: string } = {}): Promise<Delivery> {
  const { SMS_URL: url, SMS_ACCOUNT: account, SMS_TOKEN, SMS_FROM } = provider.settings;
  const { from = SMS_FROM, token = SMS_TOKEN } = options;
  const carrier = new TwilioCarrier({ url, account, token }, smsForm(from, publicUrl));
  return new GuardedGateway(carrier, { patience: 1_500 }).send(sent, AbortSignal.timeout(5_000));
}

describe('A text message', () => {
  it('is handed over with where to report what becomes of it', async () => {
    const sent = message(number());
    const delivery = await send(sent);
    const taken = provider.messages.find(({ to }) => to === sent.recipient);
    expect(delivery).toEqual({ kind: 'accepted', externalId: taken?.sid });
    expect(taken).toMatchObject({
      body: sent.message,
      from: '+15005550006',
      callback: `${publicUrl}/api/v1/notifications/webhooks/twilio?notification=${sent.notificationId}`,
    });
  });

  it('comes from a messaging service where one is set', async () => {
    const sent = message(number());
    await send(sent, { from: `MG${'0'.repeat(32)}` });
    expect(provider.messages.at(-1)).toMatchObject({ to: sent.recipient, from: `MG${'0'.repeat(32)}` });
  });

  it('that is too long is cut, and says where to read on', async () => {
    const sent = message(number(), 'Long. '.repeat(200));
    await send(sent);
    const body = provider.messages.at(-1)?.body ?? '';
    expect(body.length).toBeLessThanOrEqual(459);
    expect(body.endsWith(` ${publicUrl}/notifications/${sent.notificationId}`)).toBe(true);
  });

  it.each([
    [{ status: 400, code: 21211 }, true, 'the provider answered 400 (21211)'],
    [{ status: 429, code: 20429 }, false, 'the provider answered 429 (20429)'],
    [{ status: 503 }, false, 'the provider answered 503'],
    ['hang', false, 'timeout'],
    ['drop', false, 'the provider could not be reached'],
  ] as const)('that is answered with %j is refused, for good: %s', async (behaviour, permanent, error) => {
    const to = number();
    provider.behave(to, behaviour);
    expect(await send(message(to))).toEqual({ kind: 'refused', error, permanent });
  });

  it('is refused for now where the token is wrong: that can be set right', async () => {
    expect(await send(message(number()), { token: 'wrong' })).toEqual({
      kind: 'refused',
      error: 'the provider answered 401 (20003)',
      permanent: false,
    });
  });
});
