import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

import { EmailAddress, Example, Message, newId } from '#kernel';
import { Authenticated, Public } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { BackgroundCommands } from '#platform/commands/background-commands.js';
import { Commands } from '#platform/commands/commands.js';
import { AnswersProblems, headers } from '#platform/http/answers.js';
import { addressKey } from '#platform/http/rate-limits/address.js';
import { requestScope } from '#platform/http/request-scope.js';
import { wireExample, wireRef } from '#platform/http/schemas.js';
import { Me, Sends } from '#platform/http/sends.decorator.js';

import {
  ChangePassword,
  CurrentPasswordIncorrect,
  normalEmail,
  RequestPasswordReset,
  ResetPassword,
  ResetTokenInvalid,
} from '../../contract/index.js';
import { LoginQueries } from '../../read-models/login.queries.js';
import { FailedSignIns } from '../limits/failed-sign-ins.js';
import { LinkRequests } from '../limits/link-requests.js';
import { LinkTokens } from '../links/link-tokens.js';
import { PasswordChecks } from '../passwords/password-checks.js';
import { PasswordHashes } from '../passwords/password-hashes.js';
import { checkPassword } from '../passwords/password-rules.js';

const hour = 60 * 60 * 1_000;

class PasswordChange extends Message<PasswordChange> {
  @IsString() @Example('correct horse battery') readonly currentPassword!: string;
  /** 8 to 128 characters; none that everybody tries first. */
  @IsString() @Example('staple, correct, horse') readonly newPassword!: string;
}

class ForgottenPassword extends Message<ForgottenPassword> {
  @EmailAddress() @Example('ada@example.org') readonly email!: string;
}

class PasswordReset extends Message<PasswordReset> {
  /** That of the link. */
  @IsString() @MaxLength(1_000) @Example('AZ0Yc2k8cAC5n0sY…') readonly token!: string;
  /** 8 to 128 characters; none that everybody tries first. */
  @IsString() @Example('staple, correct, horse') readonly newPassword!: string;
}

/** What a forgotten password is answered with, whether or not anybody has it. */
class LinkPromise extends Message<LinkPromise> {
  @IsString() @Example('if there is such an account, a link is on its way') readonly message!: string;
}

@ApiTags('auth')
@Controller('auth/password')
export class PasswordController {
  constructor(
    private readonly commands: Commands,
    private readonly background: BackgroundCommands,
    private readonly logins: LoginQueries,
    private readonly checks: PasswordChecks,
    private readonly hashes: PasswordHashes,
    private readonly links: LinkTokens,
    private readonly requests: LinkRequests,
    private readonly failures: FailedSignIns,
  ) {}

  @Post('change')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(ChangePassword, {
    body: PasswordChange,
    deletes: true,
    waits: 10,
    summary: 'Change your password',
    description: 'All your other sessions end. Waits for the outcome unless `Prefer: respond-async` is sent.',
  })
  async change(@Body() { currentPassword, newPassword }: PasswordChange, @Me() { id, sid }: AuthenticatedUser) {
    const find = () => this.logins.byId(id);
    const repeated = await this.commands.isRepeated();
    const claim = { name: id, password: currentPassword, address: addressKey(requestScope().request.ip) };
    const account = repeated ? await find() : await this.checks.prove(claim, find);
    if (!account) throw new CurrentPasswordIncorrect();
    checkPassword('/new_password', newPassword, account);
    const passwordHash = await this.hashes.hash(newPassword);
    // The command of before counts; if it was lost, this one must not stand for a proof that nobody has given.
    const provenVersion = repeated ? 0 : account.version;
    return this.commands.send(new ChangePassword({ userId: id, passwordHash, keptSessionId: sid, provenVersion }));
  }

  @Post('forgot')
  @Public()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for a link to reset a forgotten password',
    description:
      'The answer is the same whether or not there is such an account. The link is good once, for an hour; at most three ' +
      'are sent to an address within an hour.',
  })
  @ApiBody({
    schema: wireRef(ForgottenPassword),
    required: true,
    examples: { example: { value: wireExample(ForgottenPassword) } },
  })
  @ApiResponse({
    status: 202,
    description: 'If there is such an account, a link is on its way.',
    headers: headers(),
    content: { 'application/json': { schema: wireRef(LinkPromise) } },
  })
  @AnswersProblems(400, 406, 413, 415, 429, 503)
  async forgot(@Body() body: ForgottenPassword): Promise<LinkPromise> {
    const email = normalEmail(body.email);
    await this.requests.fromAddress(addressKey(requestScope().request.ip));
    // Both look up the same whether or not the account is there.
    const [account, allowed] = await Promise.all([this.logins.byEmail(email), this.requests.forAccount(email)]);
    if (account?.isActive && allowed) setImmediate(() => this.#promise(account.id));
    return { message: 'if there is such an account, a link is on its way' };
  }

  @Post('reset')
  @Public()
  @Sends(ResetPassword, {
    body: PasswordReset,
    deletes: true,
    waits: 10,
    summary: 'Set a new password with the token of a link',
    description: 'All sessions end. Waits for the outcome unless `Prefer: respond-async` is sent.',
  })
  async reset(@Body() { token, newPassword }: PasswordReset) {
    const request = this.links.read('password_reset', token, new Date());
    const account = request && (await this.logins.byId(request.userId));
    if (!account) throw new ResetTokenInvalid();
    checkPassword('/new_password', newPassword, account);
    const passwordHash = await this.hashes.hash(newPassword);
    // Whoever reads the account's mail has not been guessing.
    await this.failures.succeeded(account.id, account.email, account.username.toLowerCase());
    const { userId, requestId } = request;
    return this.commands.send(new ResetPassword({ userId, requestId, passwordHash }));
  }

  /** After the answer, so that the time it takes tells nothing. */
  #promise(userId: string): void {
    const requestId = newId();
    const expiresAt = new Date(Date.now() + hour).toISOString();
    const command = new RequestPasswordReset({ userId, requestId, expiresAt });
    this.background.send(`auth.forgotten_password.${requestId}`, command, { id: 'system', roles: ['admin'] });
  }
}
