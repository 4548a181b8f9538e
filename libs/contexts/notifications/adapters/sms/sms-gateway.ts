import type { Provider } from '@nestjs/common';

import type { AccountLinks } from '#contexts/auth/contract/index.js';
import type { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { SmsGateway } from '../../application/ports.js';
import type { MessagingSettings } from '../sending/messaging-settings.js';
import { twilioGateway, twilioParts } from '../twilio/twilio-gateway.js';
import { smsForm } from './sms-form.js';

/** By Twilio where there is an account. */
export const smsGateway: Provider = {
  provide: SmsGateway,
  inject: twilioParts,
  useFactory: (settings: MessagingSettings, accounts: AccountLinks, shared: ShareLinks): SmsGateway => {
    const from = settings.twilio.account && settings.sms.from;
    const form = smsForm(from, settings.publicUrl);
    return twilioGateway(settings, [accounts, shared], { name: 'sms', setting: 'SMS_ACCOUNT', from, form });
  },
};
