import type { AccountLinkKind } from '../contract/index.js';

interface AccountMessageLink {
  readonly kind: AccountLinkKind;
  readonly userId: string;
  readonly requestId: string;
  readonly expiresAt: Date;
}

interface ShareMessageLink {
  readonly kind: 'labour_invite';
  readonly birthingPersonId: string;
}

/** A link that gives access, for the gateway to make when it sends. */
export type MessageLink = AccountMessageLink | ShareMessageLink;

/** A message on its way out: one recipient, final words. */
export interface OutgoingMessage {
  readonly notificationId: string;
  /** One e-mail address, or one phone number in E.164. */
  readonly recipient: string;
  /** One line. */
  readonly title: string;
  /** Plain text. With a `link`, `linkPlaceholder(notificationId)` stands in it where the link goes. */
  readonly message: string;
  /** 1, 2, 3 … What is sent again is the same message. */
  readonly attempt: number;
  /** Whether the recipient may choose not to hear of this topic. */
  readonly listUnsubscribe: boolean;
  readonly link?: MessageLink;
}

/** What became of it. */
export type Delivery =
  | { readonly kind: 'accepted'; readonly externalId: string }
  /** `permanent`: another attempt would end the same. */
  | { readonly kind: 'refused'; readonly error: string; readonly permanent: boolean };
