import { AccountLinks } from '#contexts/auth/contract/index.js';
import { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import type { MessageGateway } from '../../application/ports.js';
import type { Channel } from '../../contract/index.js';
import type { Carrier } from './carrier.js';
import { GuardedGateway } from './guarded-gateway.js';
import { LinkingGateway } from './linking-gateway.js';
import { LoggingGateway } from './logging-gateway.js';
import { MessagingSettings } from './messaging-settings.js';
import { RefusingGateway } from './refusing-gateway.js';
import { traceCarrier } from './traced-carrier.js';

/** Milliseconds, within the time that a command which sends has. */
const patience = 15_000;

interface Carried {
  readonly channel: Channel;
  /** What to set where nobody carries. */
  readonly setting: string;
  /** Undefined: not set up. */
  readonly carrier: Carrier | undefined;
}

/** What is injected into the factory of such a gateway. */
export const gatewayParts = [MessagingSettings, AccountLinks, ShareLinks];

/** By the carrier, guarded, where it is set up. Elsewhere production refuses, and development tells in its log. */
export function carriedGateway(
  { production }: MessagingSettings,
  links: readonly [AccountLinks, ShareLinks],
  { channel, setting, carrier }: Carried,
): MessageGateway {
  if (carrier) return new LinkingGateway(new GuardedGateway(traceCarrier(carrier, channel), { patience }), ...links);
  return production ? new RefusingGateway(`${channel}_not_configured`) : new LoggingGateway(channel, setting);
}
