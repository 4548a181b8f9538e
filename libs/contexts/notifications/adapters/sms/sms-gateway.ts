import type { Provider } from '@nestjs/common';

import type { AccountLinks } from '#contexts/auth/contract/index.js';
import type { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { SmsGateway } from '../../application/ports.js';
import { carriedGateway, gatewayParts } from '../sending/carried-gateway.js';
import type { MessagingSettings } from '../sending/messaging-settings.js';
import { TwilioCarrier } from '../twilio/twilio-carrier.js';
import { smsForm } from './sms-form.js';

/** By Twilio where there is an account. */
export const smsGateway: Provider = {
  provide: SmsGateway,
  inject: gatewayParts,
  useFactory: (settings: MessagingSettings, accounts: AccountLinks, shared: ShareLinks): SmsGateway => {
    const { sms, twilio, publicUrl } = settings;
    const carrier = twilio.account ? new TwilioCarrier(twilio, smsForm(sms.from, publicUrl)) : undefined;
    return carriedGateway(settings, [accounts, shared], { channel: 'sms', setting: 'SMS_ACCOUNT', carrier });
  },
};
