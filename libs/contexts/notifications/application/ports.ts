import { Repository } from '#kernel';

import type { Channel } from '../contract/index.js';
import type { Contact } from '../domain/contact.js';
import type { Notification } from '../domain/notification.js';
import type { Delivery, OutgoingMessage } from '../domain/outgoing-message.js';
import type { Recipient } from '../domain/recipient.js';
import type { TemplateText } from '../domain/template-text.js';
import type { Template } from '../domain/template.js';

export type { Delivery, MessageLink, OutgoingMessage } from '../domain/outgoing-message.js';

export abstract class NotificationRepository extends Repository<Notification> {}

export abstract class TemplateRepository extends Repository<Template> {}

export abstract class RecipientRepository extends Repository<Recipient> {}

/** Asks for templates as the last committed commands left them. */
export abstract class TemplateLookup {
  abstract find(name: string, channel: Channel): Promise<TemplateText | undefined>;
}

/** Asks for users as the last committed commands left them. */
export abstract class ContactLookup {
  abstract of(userId: string): Promise<Contact | undefined>;
}

/** Asks for notifications as the last committed commands left them. */
export abstract class NotificationLookup {
  /** All of somebody's, by whatever channel, in the order of their ids. */
  abstract idsOf(userId: string): Promise<readonly string[]>;
}

/** What time it is when it is asked. `Clock` tells when the command was accepted, which may be long before. */
export abstract class WallClock {
  abstract now(): Date;
}

/** Hands messages to whoever carries them. What the network or the provider does is an answer, never thrown. */
export abstract class MessageGateway {
  /** @param signal ends the attempt, which then is refused for now */
  abstract send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery>;
}

export abstract class EmailGateway extends MessageGateway {}

/** The provider is told to report to the notification's webhook what becomes of the message. */
export abstract class SmsGateway extends MessageGateway {}

/** As with text messages: the provider reports what becomes of it. */
export abstract class WhatsAppGateway extends MessageGateway {}

/** The provider takes it for a device, and tells nothing more of it. */
export abstract class PushGateway extends MessageGateway {}
