import { AccountLinks } from '#contexts/auth/contract/index.js';
import { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import type { MessageGateway } from '../../application/ports.js';
import { GuardedGateway } from '../sending/guarded-gateway.js';
import { LinkingGateway } from '../sending/linking-gateway.js';
import { LoggingGateway } from '../sending/logging-gateway.js';
import { MessagingSettings } from '../sending/messaging-settings.js';
import { RefusingGateway } from '../sending/refusing-gateway.js';
import { TwilioCarrier, type TwilioForm } from './twilio-carrier.js';

/** Milliseconds, within the time that a command which sends has. */
const patience = 15_000;

/** What a gateway by Twilio is made of, to be injected. */
export const twilioParts = [MessagingSettings, AccountLinks, ShareLinks];

/**
 * By Twilio where it is set up. Elsewhere production refuses, and development tells in its log.
 * @param from who sends; empty: not set up
 */
export function twilioGateway(
  { twilio, production }: MessagingSettings,
  links: readonly [AccountLinks, ShareLinks],
  channel: { readonly name: 'sms' | 'whatsapp'; readonly setting: string; readonly from: string; form: TwilioForm },
): MessageGateway {
  if (channel.from) {
    const carrier = new GuardedGateway(new TwilioCarrier(twilio, channel.form), { patience });
    return new LinkingGateway(carrier, ...links);
  }
  return production
    ? new RefusingGateway(`${channel.name}_not_configured`)
    : new LoggingGateway(channel.name, channel.setting);
}
