import type { AccountLinks } from '#contexts/auth/contract/index.js';

import type { Delivery, MessageGateway, OutgoingMessage } from '../../application/ports.js';
import { linkPlaceholder } from '../../contract/index.js';

/** Puts the link in its place at the last moment, so that nothing that is stored gives access. */
export class LinkingGateway implements MessageGateway {
  constructor(
    private readonly next: MessageGateway,
    private readonly links: AccountLinks,
  ) {}

  send({ link, ...message }: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    if (!link) return this.next.send(message, signal);
    const text = message.message.replaceAll(linkPlaceholder(message.notificationId), () => this.links.of(link));
    return this.next.send({ ...message, message: text }, signal);
  }
}
