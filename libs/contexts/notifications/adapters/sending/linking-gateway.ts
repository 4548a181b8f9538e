import type { AccountLinks } from '#contexts/auth/contract/index.js';
import type { ShareLinks } from '#contexts/subscriptions/contract/index.js';

import type { Delivery, MessageGateway, OutgoingMessage } from '../../application/ports.js';
import { linkPlaceholder } from '../../contract/index.js';

/** Puts the link in its place at the last moment, so that nothing that is stored gives access. */
export class LinkingGateway implements MessageGateway {
  constructor(
    private readonly next: MessageGateway,
    private readonly accountLinks: AccountLinks,
    private readonly shareLinks: ShareLinks,
  ) {}

  async send({ link, ...message }: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    if (!link) return this.next.send(message, signal);
    const address =
      link.kind === 'labour_invite' ? await this.shareLinks.of(link.birthingPersonId) : this.accountLinks.of(link);
    if (address === undefined) return { kind: 'refused', error: 'link_void', permanent: true };
    const text = message.message.replaceAll(linkPlaceholder(message.notificationId), () => address);
    return this.next.send({ ...message, message: text }, signal);
  }
}
