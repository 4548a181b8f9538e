import { IsBoolean, IsUUID } from 'class-validator';

import { Command, Example, Message } from '#kernel';

/** Sent by the context itself: a birthing person has come, and may be followed. */
@Command('subscriptions.open_share_settings.v1', 'birthingPersonId')
export class OpenShareSettings extends Message<OpenShareSettings> {
  @IsUUID() readonly birthingPersonId!: string;
}

@Command('subscriptions.rotate_share_token.v1', 'birthingPersonId')
export class RotateShareToken extends Message<RotateShareToken> {
  @IsUUID() readonly birthingPersonId!: string;
}

@Command('subscriptions.set_approval_required.v1', 'birthingPersonId')
export class SetApprovalRequired extends Message<SetApprovalRequired> {
  @IsUUID() readonly birthingPersonId!: string;
  /** Whether who has the token still needs a yes. */
  @IsBoolean() @Example(true) readonly approvalRequired!: boolean;
}

/** Sent by the context itself: the account is deleted. */
@Command('subscriptions.forget_share_settings.v1', 'birthingPersonId')
export class ForgetShareSettings extends Message<ForgetShareSettings> {
  @IsUUID() readonly birthingPersonId!: string;
}
