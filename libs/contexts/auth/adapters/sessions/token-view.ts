import { IsIn, IsInt, IsString, IsUUID } from 'class-validator';

import { Example, Message, Optional } from '#kernel';

/** What a sign-in is answered with (RFC 6749, section 5.1). */
export class TokenView extends Message<TokenView> {
  @IsString() @Example('eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…') readonly accessToken!: string;
  @IsIn(['bearer']) @Example('bearer') readonly tokenType!: 'bearer';
  /** Seconds. */
  @IsInt() @Example(900) readonly expiresIn!: number;
  /** Good for seven days, and for one use. Not there when it is in the cookie, nor for service clients. */
  @Optional()
  @IsString()
  @Example('AZ0Yc2k8cAC5n0sY…')
  readonly refreshToken?: string;
  /** Yours, or the service client's own. */
  @IsUUID() readonly userId!: string;
}
