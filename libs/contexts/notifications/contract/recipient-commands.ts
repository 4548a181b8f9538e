import { IsString, IsUUID } from 'class-validator';

import { Command, Example, Message, Nullable, Optional, Personal } from '#kernel';

import { ChannelsByTopic } from './fields.js';
import type { Channel, Topic } from './vocabulary.js';

/** What a user lets through, by topic. */
export type ChannelChoice = Readonly<Partial<Record<Topic, readonly Channel[]>>>;

/** All that has been said to the user by now is read. */
@Command('notifications.mark_all_read.v1', 'userId')
export class MarkAllRead extends Message<MarkAllRead> {
  @IsUUID() readonly userId!: string;
}

/** A topic that is left out is heard of by all channels. */
@Command('notifications.set_preferences.v1', 'userId')
export class SetPreferences extends Message<SetPreferences> {
  @IsUUID() readonly userId!: string;
  @ChannelsByTopic() @Example({ tasks: ['in_app'], labour: ['sms', 'in_app'] }) readonly topics!: ChannelChoice;
}

/** Where and by what name a user is reached. What is absent stays as it is; null clears. */
@Command('notifications.record_contact.v1', 'userId')
export class RecordContact extends Message<RecordContact> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Nullable() @Personal() @IsString() @Example('Ada') readonly firstName?: string | null;
  @Optional() @Nullable() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string | null;
  @Optional() @Nullable() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string | null;
}

/** The account is deleted: nothing is said to the user any more. */
@Command('notifications.forget_recipient.v1', 'userId')
export class ForgetRecipient extends Message<ForgetRecipient> {
  @IsUUID() readonly userId!: string;
}
