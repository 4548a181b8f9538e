import { IsObject, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional, Personal } from '#kernel';

import type { ChannelChoice } from './recipient-commands.js';

/** All that is known of how a user is reached. */
@Event('notification_contact.recorded.v1', 'userId', { private: true })
export class ContactRecorded extends Message<ContactRecorded> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
}

/** Nothing is known of the user from now on, and nothing is said to them. */
@Event('notification_contact.forgotten.v1', 'userId')
export class ContactForgotten extends Message<ContactForgotten> {
  @IsUUID() readonly userId!: string;
}

/** All that the user chose. Topics that are left out are heard of by all channels. */
@Event('notification_preferences.updated.v1', 'userId')
export class PreferencesUpdated extends Message<PreferencesUpdated> {
  @IsUUID() readonly userId!: string;
  @IsObject() @Example({ tasks: ['in_app'] }) readonly topics!: ChannelChoice;
}

/** What was said to the user up to that time is read. */
@Event('notification_inbox.read.v1', 'userId')
export class InboxRead extends Message<InboxRead> {
  @IsUUID() readonly userId!: string;
  @IsTime() readonly readUntil!: string;
}
