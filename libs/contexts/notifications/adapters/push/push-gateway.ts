import type { Provider } from '@nestjs/common';

import type { AccountLinks } from '#contexts/auth/contract/index.js';
import type { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { PushGateway } from '../../application/ports.js';
import { carriedGateway, gatewayParts } from '../sending/carried-gateway.js';
import type { MessagingSettings } from '../sending/messaging-settings.js';
import { FcmCarrier } from './fcm-carrier.js';
import { ServiceAccount } from './service-account.js';

/** By Firebase Cloud Messaging where there is a service account. */
export const pushGateway: Provider = {
  provide: PushGateway,
  inject: gatewayParts,
  useFactory: (settings: MessagingSettings, accounts: AccountLinks, shared: ShareLinks): PushGateway => {
    const { account, url } = settings.push;
    const carrier = account ? new FcmCarrier(url, new ServiceAccount(account)) : undefined;
    return carriedGateway(settings, [accounts, shared], { channel: 'push', setting: 'FCM_SERVICE_ACCOUNT', carrier });
  },
};
