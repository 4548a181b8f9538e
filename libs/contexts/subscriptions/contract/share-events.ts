import { IsBoolean, IsString, IsUUID } from 'class-validator';

import { Event, Example, Message, Secret } from '#kernel';

/** What lets in whoever has it. */
@Event('share_token.set.v1', 'birthingPersonId', { private: true })
export class ShareTokenSet extends Message<ShareTokenSet> {
  @IsUUID() readonly birthingPersonId!: string;
  @Secret() @IsString() @Example('K7QX2MPR4W') readonly token!: string;
}

/** The token from before works no more. */
@Event('share_token.rotated.v1', 'birthingPersonId')
export class ShareTokenRotated extends Message<ShareTokenRotated> {
  @IsUUID() readonly birthingPersonId!: string;
}

@Event('share_settings.updated.v1', 'birthingPersonId')
export class ShareSettingsUpdated extends Message<ShareSettingsUpdated> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsBoolean() @Example(true) readonly approvalRequired!: boolean;
}

/** The account is deleted: nobody is let in any more. */
@Event('share_settings.forgotten.v1', 'birthingPersonId')
export class ShareSettingsForgotten extends Message<ShareSettingsForgotten> {
  @IsUUID() readonly birthingPersonId!: string;
}
