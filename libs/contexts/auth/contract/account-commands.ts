import { IsUUID } from 'class-validator';

import { Command, EmailAddress, Example, Message, Optional, Personal, ShortText } from '#kernel';

import { Username } from './fields.js';

/** What is absent stays as it is. A new e-mail address is not verified. */
@Command('auth.update_account.v1', 'userId')
export class UpdateAccount extends Message<UpdateAccount> {
  @IsUUID() readonly userId!: string;
  @Optional() @Personal() @EmailAddress() @Example('ada@example.org') readonly email?: string;
  @Optional() @Personal() @Username() @Example('countess') readonly username?: string;
  @Optional() @Personal() @ShortText('name', 100) @Example('Ada King') readonly name?: string;
}

@Command('auth.activate_account.v1', 'userId')
export class ActivateAccount extends Message<ActivateAccount> {
  @IsUUID() readonly userId!: string;
}

/** Ends all sessions. */
@Command('auth.deactivate_account.v1', 'userId')
export class DeactivateAccount extends Message<DeactivateAccount> {
  @IsUUID() readonly userId!: string;
}

/** Ends all sessions, and makes everything personal of the user unreadable. */
@Command('auth.delete_account.v1', 'userId')
export class DeleteAccount extends Message<DeleteAccount> {
  @IsUUID() readonly userId!: string;
}
