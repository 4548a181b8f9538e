import type { Provider } from '@nestjs/common';

import type { AccountLinks } from '#contexts/auth/contract/index.js';
import type { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { WhatsAppGateway } from '../../application/ports.js';
import { carriedGateway, gatewayParts } from '../sending/carried-gateway.js';
import type { MessagingSettings } from '../sending/messaging-settings.js';
import { TwilioCarrier } from '../twilio/twilio-carrier.js';
import { whatsAppForm } from './whatsapp-form.js';

/** By Twilio where there is a sender. */
export const whatsAppGateway: Provider = {
  provide: WhatsAppGateway,
  inject: gatewayParts,
  useFactory: (settings: MessagingSettings, accounts: AccountLinks, shared: ShareLinks): WhatsAppGateway => {
    const { whatsapp, twilio, publicUrl } = settings;
    const form = whatsAppForm(whatsapp.from, whatsapp.content, publicUrl);
    const carrier = whatsapp.from ? new TwilioCarrier(twilio, form) : undefined;
    return carriedGateway(settings, [accounts, shared], { channel: 'whatsapp', setting: 'WHATSAPP_FROM', carrier });
  },
};
