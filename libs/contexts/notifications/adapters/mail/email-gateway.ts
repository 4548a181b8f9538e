import type { OnApplicationShutdown, Provider } from '@nestjs/common';

import { AccountLinks } from '#contexts/auth/contract/index.js';
import { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import { EmailGateway, type Delivery, type OutgoingMessage } from '../../application/ports.js';
import { GuardedGateway } from '../sending/guarded-gateway.js';
import { LinkingGateway } from '../sending/linking-gateway.js';
import { LoggingGateway } from '../sending/logging-gateway.js';
import { MessagingSettings } from '../sending/messaging-settings.js';
import { traceCarrier } from '../sending/traced-carrier.js';
import { SmtpCarrier } from './smtp-carrier.js';

/** Milliseconds, within the time that a command which sends has. Servers look long at what they take. */
const patience = { connect: 5_000, answer: 20_000, whole: 25_000 };

/** Mail by SMTP. Its connections end with the worker. */
class SmtpEmailGateway extends EmailGateway implements OnApplicationShutdown {
  readonly #carrier: SmtpCarrier;
  readonly #gateway: LinkingGateway;

  constructor({ smtp, publicUrl, production }: MessagingSettings, accounts: AccountLinks, shared: ShareLinks) {
    super();
    this.#carrier = new SmtpCarrier({ ...smtp, publicUrl, production, patience });
    this.#gateway = new LinkingGateway(
      new GuardedGateway(traceCarrier(this.#carrier, 'email', smtp.server), { patience: patience.whole }),
      accounts,
      shared,
    );
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    return this.#gateway.send(message, signal);
  }

  onApplicationShutdown(): void {
    this.#carrier.close();
  }
}

/** By SMTP where there is a server; in production there must be one, or nobody would get a link to a new password. */
export const emailGateway: Provider = {
  provide: EmailGateway,
  inject: [MessagingSettings, AccountLinks, ShareLinks],
  useFactory: (settings: MessagingSettings, accounts: AccountLinks, shared: ShareLinks): EmailGateway => {
    const { smtp, production } = settings;
    if (production) assertReady(smtp);
    return smtp.server ? new SmtpEmailGateway(settings, accounts, shared) : new LoggingGateway('email', 'SMTP_URL');
  },
};

/** @throws Error that says what to set */
function assertReady({ server, from }: MessagingSettings['smtp']): void {
  if (!server)
    throw new Error(
      'SMTP_URL: set the server that e-mail is handed to, such as smtp://user:password@host:587, or let a worker with ' +
        'another WORKER_CONTEXTS serve notifications',
    );
  if (/@localhost>?$/.test(from))
    throw new Error(
      'MAIL_FROM: set a sender that the mail server may send from, such as ContextFlow <no-reply@example.org>',
    );
}
