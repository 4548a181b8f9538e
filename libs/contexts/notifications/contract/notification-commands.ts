import { IsString, IsUUID, Length, MaxLength } from 'class-validator';

import { Command, Example, Message, Optional, Personal } from '#kernel';

import {
  Destination,
  IsSecretLink,
  KnownChannel,
  KnownTopic,
  Line,
  Metadata,
  Prose,
  TemplateName,
  Texts,
} from './fields.js';
import type { Channel, SecretLink, Topic } from './vocabulary.js';

/** Says something to one recipient by one channel: by a template with its variables, or with title and message. */
@Command('notifications.request_notification.v1', 'notificationId', { subject: 'subjectId' })
export class RequestNotification extends Message<RequestNotification> {
  @IsUUID() readonly notificationId!: string;
  /** Whom what it says is about: the user, or where there is none, whoever has it said, or the notification itself. */
  @IsUUID() readonly subjectId!: string;
  @Optional() @IsUUID() readonly userId?: string;
  @KnownChannel() @Example('email') readonly channel!: Channel;
  /** Left out: as it is known of the user. */
  @Optional() @Personal() @Destination() @Example('ada@example.org') readonly recipient?: string;
  @Optional() @TemplateName() @Example('welcome') readonly template?: string;
  @Optional()
  @Personal()
  @Texts('variables', 5000)
  @Example({ username: 'ada_l' })
  readonly variables?: Readonly<Record<string, string>>;
  @Optional() @Personal() @Line('title', 200) @Example('The service rests tonight') readonly title?: string;
  @Optional() @Personal() @Prose('message', 5000) @Example('From 22:00 to 22:15 UTC.') readonly message?: string;
  /** The template's unless said; without a template, `account`. */
  @Optional() @KnownTopic() @Example('account') readonly topic?: Topic;
  @Optional() @Personal() @Metadata() @Example({ campaign: 'spring' }) readonly metadata?: Readonly<
    Record<string, unknown>
  >;
  /** What has the same key is said once. */
  @Optional() @IsString() @Length(1, 255) @Example('maintenance-2030-01-31:ada') readonly dedupKey?: string;
  /** The variable `link`, which is made only when the message is sent. */
  @Optional() @IsSecretLink() readonly link?: SecretLink;
}

@Command('notifications.send_notification.v1', 'notificationId')
export class SendNotification extends Message<SendNotification> {
  @IsUUID() readonly notificationId!: string;
}

@Command('notifications.retry_notification.v1', 'notificationId')
export class RetryNotification extends Message<RetryNotification> {
  @IsUUID() readonly notificationId!: string;
}

/** What the provider that took a message says has become of it. */
@Command('notifications.record_delivery.v1', 'notificationId')
export class RecordDelivery extends Message<RecordDelivery> {
  @IsUUID() readonly notificationId!: string;
  @IsString() @MaxLength(255) @Example('SM0123456789abcdef0123456789abcdef') readonly externalId!: string;
  /** In the provider's own word. */
  @IsString() @MaxLength(50) @Example('delivered') readonly providerStatus!: string;
}

@Command('notifications.mark_read.v1', 'notificationId')
export class MarkRead extends Message<MarkRead> {
  @IsUUID() readonly notificationId!: string;
  @IsUUID() readonly userId!: string;
}

@Command('notifications.delete_notification.v1', 'notificationId')
export class DeleteNotification extends Message<DeleteNotification> {
  @IsUUID() readonly notificationId!: string;
  /** Who wants it gone. */
  @IsUUID() readonly userId!: string;
}
