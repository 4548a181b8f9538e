import { derivedId } from '#kernel';

/** The ways to tell somebody something. */
export const Channels = ['email', 'sms', 'whatsapp', 'push', 'in_app'] as const;
export type Channel = (typeof Channels)[number];

/** What a notification is about. Everybody chooses by which channels they hear of a topic; of their account, by all. */
export const Topics = ['account', 'tasks', 'labour', 'subscriptions'] as const;
export type Topic = (typeof Topics)[number];

export const NotificationStatuses = ['pending', 'sent', 'delivered', 'failed', 'suppressed'] as const;
export type NotificationStatus = (typeof NotificationStatuses)[number];

/** After the first attempt there are so many more. */
export const maxRetries = 3;

/** Links that let somebody into their account. */
export const AccountLinkKinds = ['password_reset', 'email_verification'] as const;
export type AccountLinkKind = (typeof AccountLinkKinds)[number];

/** A link to an account: it is good for one request, until that expires. */
export interface SecretAccountLink {
  readonly kind: AccountLinkKind;
  readonly request_id: string;
  readonly expires_at: string;
}

/** A link by which a birthing person is followed: it is good as long as their share token is. */
export interface SecretShareLink {
  readonly kind: 'labour_invite';
  readonly birthing_person_id: string;
}

/** What a link that gives access is for. The link itself is made when the message is sent, and stored nowhere. */
export type SecretLink = SecretAccountLink | SecretShareLink;

/** What is kept of a message that has arrived: a text message has had its purpose, and is blanked. */
export const keptOnceDelivered = (channel: Channel, message: string): string => (channel === 'sms' ? '' : message);

/** What stands in a message where its link will be. */
export const linkPlaceholder = (notificationId: string): string => `contextflow:link/${notificationId}`;

/** One name and channel have one template. */
export const templateIdOf = (name: string, channel: Channel): string =>
  derivedId('notifications.template', name, channel);

/** What is said once under a key has one notification. */
export const notificationIdOf = (dedupKey: string): string => derivedId('notifications.notification', dedupKey);
