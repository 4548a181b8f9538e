import { MessageGateway, type Delivery, type OutgoingMessage } from '../application/ports.js';

/** A server in memory. What it does with a message depends on the recipient, as with real ones. */
class Mailbox {
  /** What was handed in, each attempt once. */
  readonly taken = new Map<string, OutgoingMessage>();

  take(message: OutgoingMessage): Delivery {
    this.taken.set(`${message.notificationId} ${message.attempt}`, message);
    const refusal = refusals.find(({ recipient }) => recipient === message.recipient);
    return refusal ?? { kind: 'accepted', externalId: `external-${message.attempt}` };
  }
}

const refused = (recipient: string, error: string, permanent: boolean) => ({
  recipient,
  kind: 'refused' as const,
  error,
  permanent,
});

/** Addresses and numbers that a server does not serve: some for now, some for ever. */
export const busy = { email: 'busy@example.org', sms: '+441632960000' };
export const gone = { email: 'gone@example.org', sms: '+441632960999' };

const refusals = [busy, gone].flatMap((who) =>
  Object.values(who).map((recipient) =>
    who === busy ? refused(recipient, '452 try later', false) : refused(recipient, '550 nobody here', true),
  ),
);

/** Stands for any of the gateways: each has one of its own. */
export class InMemoryGateway extends MessageGateway {
  readonly mailbox = new Mailbox();

  async send(message: OutgoingMessage): Promise<Delivery> {
    return this.mailbox.take(message);
  }
}
