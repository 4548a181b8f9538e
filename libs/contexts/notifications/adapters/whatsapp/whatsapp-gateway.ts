import type { Provider } from '@nestjs/common';

import type { AccountLinks } from '#contexts/auth/contract/index.js';
import type { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { WhatsAppGateway } from '../../application/ports.js';
import type { MessagingSettings } from '../sending/messaging-settings.js';
import { twilioGateway, twilioParts } from '../twilio/twilio-gateway.js';
import { whatsAppForm } from './whatsapp-form.js';

/** By Twilio where there is a sender. */
export const whatsAppGateway: Provider = {
  provide: WhatsAppGateway,
  inject: twilioParts,
  useFactory: (settings: MessagingSettings, accounts: AccountLinks, shared: ShareLinks): WhatsAppGateway => {
    const { from, content } = settings.whatsapp;
    const form = whatsAppForm(from, content, settings.publicUrl);
    return twilioGateway(settings, [accounts, shared], { name: 'whatsapp', setting: 'WHATSAPP_FROM', from, form });
  },
};
