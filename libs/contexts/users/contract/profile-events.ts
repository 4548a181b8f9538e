import { IsString, IsUUID } from 'class-validator';

import { Event, Example, Message, Optional, Personal } from '#kernel';

/** The whole profile as it is now. What it does not say is absent. */
@Event('profile.changed.v1', 'userId', { private: true })
export class ProfileChanged extends Message<ProfileChanged> {
  @IsUUID() readonly userId!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  @Optional() @Personal() @IsString() @Example('Writes notes on engines') readonly bio?: string;
  @Optional() @Personal() @IsString() @Example('https://example.org/ada.png') readonly avatarUrl?: string;
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
}

/** The account was deleted: nothing of the person is shown any more. */
@Event('profile.forgotten.v1', 'userId', { private: true })
export class ProfileForgotten extends Message<ProfileForgotten> {
  @IsUUID() readonly userId!: string;
}
