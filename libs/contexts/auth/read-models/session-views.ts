import { IsBoolean, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable } from '#kernel';

/** Somewhere that you are signed in. */
export class SessionView extends Message<SessionView> {
  @IsUUID() readonly id!: string;
  /** It is the one that this request belongs to. */
  @IsBoolean() @Example(true) readonly isCurrent!: boolean;
  @Nullable() @IsString() @Example('Mozilla/5.0 (X11; Linux x86_64)') readonly userAgent!: string | null;
  @Nullable() @IsString() @Example('203.0.113.9') readonly address!: string | null;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly lastUsedAt!: Date;
  @IsTime() readonly expiresAt!: Date;
}
