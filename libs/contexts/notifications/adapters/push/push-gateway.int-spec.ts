import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { PushProvider } from '#testing/push-provider.js';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { GuardedGateway } from '../sending/guarded-gateway.js';
import { FcmCarrier } from './fcm-carrier.js';
import { ServiceAccount } from './service-account.js';

let provider: PushProvider;
let gateway: GuardedGateway;

beforeAll(async () => {
  provider = await PushProvider.start();
  gateway = gatewayBy(provider.settings.FCM_SERVICE_ACCOUNT);
});
afterAll(() => provider.stop());

const gatewayBy = (account: string): GuardedGateway =>
  new GuardedGateway(new FcmCarrier(provider.url, new ServiceAccount(account)), { patience: 3_000 });
const device = (): string => `device:${newId()}`;
const message = (recipient = device()): OutgoingMessage => ({
  notificationId: newId(),
  recipient,
  title: 'News',
  message: 'The labour has begun.',
  attempt: 1,
  listUnsubscribe: true,
});
const send = (sent: OutgoingMessage, by = gateway): Promise<Delivery> => by.send(sent, AbortSignal.timeout(5_000));

describe('A push message', () => {
  it('is handed over for its device, and tells which notification it is', async () => {
    const sent = message();
    expect(await send(sent)).toEqual({ kind: 'accepted', externalId: expect.stringContaining('projects/births/') });
    expect(provider.messages.at(-1)).toEqual({
      token: sent.recipient,
      notification: { title: 'News', body: 'The labour has begun.' },
      data: { notification_id: sent.notificationId },
    });
  });

  it('asks for no new access while the one before is good, and for one when it is refused', async () => {
    await send(message());
    const before = provider.tokens;
    await send(message());
    expect(provider.tokens).toBe(before);
    provider.revoke();
    expect(await send(message())).toEqual({
      kind: 'refused',
      error: 'the provider answered 401 (UNAUTHENTICATED)',
      permanent: false,
    });
    expect(await send(message())).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    [{ status: 404, reason: 'NOT_FOUND' }, true, 'the provider answered 404 (NOT_FOUND)'],
    [{ status: 400, reason: 'INVALID_ARGUMENT' }, true, 'the provider answered 400 (INVALID_ARGUMENT)'],
    [{ status: 429, reason: 'RESOURCE_EXHAUSTED' }, false, 'the provider answered 429 (RESOURCE_EXHAUSTED)'],
    [{ status: 503 }, false, 'the provider answered 503'],
    ['drop', false, 'the provider could not be reached'],
  ] as const)('that is answered with %j is refused, for good: %s', async (behaviour, permanent, error) => {
    const to = device();
    provider.behave(to, behaviour);
    expect(await send(message(to))).toEqual({ kind: 'refused', error, permanent });
  });

  it('is refused for now where the account is not known: that can be set right', async () => {
    const stranger = await PushProvider.start();
    const { private_key: key } = JSON.parse(stranger.settings.FCM_SERVICE_ACCOUNT) as { private_key: string };
    await stranger.stop();
    const account = JSON.parse(provider.settings.FCM_SERVICE_ACCOUNT) as object;
    expect(await send(message(), gatewayBy(JSON.stringify({ ...account, private_key: key })))).toEqual({
      kind: 'refused',
      error: 'no access token: the provider answered 400',
      permanent: false,
    });
  });
});
