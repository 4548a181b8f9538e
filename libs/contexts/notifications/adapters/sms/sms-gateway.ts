import type { Provider } from '@nestjs/common';

import { AccountLinks } from '#contexts/auth/contract/index.js';
import { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { SmsGateway } from '../../application/ports.js';
import { GuardedGateway } from '../sending/guarded-gateway.js';
import { LinkingGateway } from '../sending/linking-gateway.js';
import { LoggingGateway } from '../sending/logging-gateway.js';
import { MessagingSettings } from '../sending/messaging-settings.js';
import { RefusingGateway } from '../sending/refusing-gateway.js';
import { traceCarrier } from '../sending/traced-carrier.js';
import { TwilioCarrier } from './twilio-carrier.js';

/** Milliseconds, within the time that a command which sends has. */
const patience = 15_000;

/** By Twilio where there is an account. */
export const smsGateway: Provider = {
  provide: SmsGateway,
  inject: [MessagingSettings, AccountLinks, ShareLinks],
  useFactory: (
    { sms, publicUrl, production }: MessagingSettings,
    accounts: AccountLinks,
    shared: ShareLinks,
  ): SmsGateway => {
    if (sms.account) {
      const carrier = traceCarrier(new TwilioCarrier({ ...sms, publicUrl }), 'sms', sms.url);
      return new LinkingGateway(new GuardedGateway(carrier, { patience }), accounts, shared);
    }
    return production ? new RefusingGateway('sms_not_configured') : new LoggingGateway('sms', 'SMS_ACCOUNT');
  },
};
