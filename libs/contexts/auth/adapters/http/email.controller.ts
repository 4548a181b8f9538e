import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

import { Example, Message } from '#kernel';
import { Authenticated, Public } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';

import { RequestEmailVerification, VerificationTokenInvalid, VerifyEmail } from '../../contract/index.js';
import { LinkRequests } from '../limits/link-requests.js';
import { LinkTokens } from '../links/link-tokens.js';
import { tooMany } from '../refusals.js';

const day = 24 * 60 * 60 * 1_000;

class EmailVerification extends Message<EmailVerification> {
  /** That of the link. */
  @IsString() @MaxLength(1_000) @Example('AZ0Yc2k8cAC5n0sY…') readonly token!: string;
}

@ApiTags('auth')
@Controller('auth/email')
export class EmailController {
  constructor(
    private readonly commands: Commands,
    private readonly links: LinkTokens,
    private readonly requests: LinkRequests,
  ) {}

  @Post('verification')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(RequestEmailVerification, {
    deletes: true,
    summary: 'Ask for a link that shows that your e-mail address is yours',
    description: 'It is good once, for a day, and until the address is changed. At most three are sent within an hour.',
  })
  async request(@Me() { id: userId }: AuthenticatedUser, @NewId('requestId') requestId: string) {
    if (!(await this.commands.isRepeated()) && !(await this.requests.forAccount(userId)))
      throw tooMany('too_many_requests', 'three links were sent within the hour: use the last one, or wait', 60 * 60);
    const expiresAt = new Date(Date.now() + day).toISOString();
    return this.commands.send(new RequestEmailVerification({ userId, requestId, expiresAt }));
  }

  @Post('verify')
  @Public()
  @Sends(VerifyEmail, {
    body: EmailVerification,
    deletes: true,
    waits: 10,
    summary: 'Show that an e-mail address is yours, with the token of a link',
    description: 'Needs no token of access. Waits for the outcome unless `Prefer: respond-async` is sent.',
  })
  verify(@Body() { token }: EmailVerification) {
    const request = this.links.read('email_verification', token, new Date());
    if (!request) throw new VerificationTokenInvalid();
    const { userId, requestId } = request;
    return this.commands.send(new VerifyEmail({ userId, requestId }));
  }
}
