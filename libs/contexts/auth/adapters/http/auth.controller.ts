import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { Example, InvalidMessage, Message, Optional, type Wire } from '#kernel';
import { Authenticated, Public } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import { NoBody } from '#platform/http/no-body.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { addressKey } from '#platform/http/rate-limits/address.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { requestScope } from '#platform/http/request-scope.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { EndAllSessions, normalEmail, UserNotFound } from '../../contract/index.js';
import { MeView } from '../../read-models/account-views.js';
import { AccountQueries } from '../../read-models/account.queries.js';
import { LoginQueries } from '../../read-models/login.queries.js';
import { SessionView } from '../../read-models/session-views.js';
import { SessionListPage, SessionQueries } from '../../read-models/session.queries.js';
import { PasswordChecks } from '../passwords/password-checks.js';
import { invalidCredentials } from '../refusals.js';
import { SignIns } from '../sessions/sign-ins.js';
import { TokenView } from '../sessions/token-view.js';
import { Acts } from './acts.decorator.js';
import { NewAccount, Registration, SendsRegistration } from './registration.js';

/** Longer texts name nobody. */
const longestName = 254;

class Login extends Message<Login> {
  /** Either this or `username`. */
  @Optional() @IsString() @MaxLength(longestName) @Example('ada@example.org') readonly email?: string;
  /** Either this or `email`. */
  @Optional() @IsString() @MaxLength(longestName) readonly username?: string;
  @IsString() @Example('correct horse battery') readonly password!: string;
  /** The refresh token goes into the cookie `cf_refresh`, where no script reads it. */
  @Optional() @IsBoolean() readonly useCookie?: boolean;
}

class Refresh extends Message<Refresh> {
  /** Without it, the one of the cookie `cf_refresh` is taken. */
  @Optional() @IsString() @MaxLength(1_000) @Example('AZ0Yc2k8cAC5n0sY…') readonly refreshToken?: string;
}

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly commands: Commands,
    private readonly registration: Registration,
    private readonly signIns: SignIns,
    private readonly checks: PasswordChecks,
    private readonly logins: LoginQueries,
    private readonly accounts: AccountQueries,
    private readonly sessions: SessionQueries,
  ) {}

  @Post('register')
  @Public()
  @SendsRegistration('Register')
  register(@Body() body: NewAccount, @NewId('userId') userId: string) {
    return this.registration.send(body, userId);
  }

  @Post('login')
  @Public()
  @Acts({
    body: Login,
    view: TokenView,
    problems: [400, 401, 406, 413, 415, 429, 503],
    summary: 'Sign in with a password',
    description:
      'By e-mail address or by user name. An unknown name, a wrong password and an account that is not active are answered ' +
      'alike. Five failures lock the name for 15 minutes from the last one.',
  })
  async login(@Body() login: Login, @Res({ passthrough: true }) reply: FastifyReply): Promise<Wire<TokenView>> {
    const { password, useCookie } = login;
    const account = await this.checks.prove(
      { name: nameOf(login), password, address: addressKey(requestScope().request.ip) },
      () =>
        login.email === undefined ? this.logins.byUsername(login.username ?? '') : this.logins.byEmail(login.email),
    );
    if (!account) throw invalidCredentials();
    return this.signIns.open(account, 'password', { useCookie }, reply);
  }

  @Post('refresh')
  @Public()
  @Acts({
    body: Refresh,
    view: TokenView,
    problems: [400, 401, 403, 406, 413, 415, 503],
    summary: 'Get a new access token, and the next refresh token',
    description:
      'A refresh token is good once. For 10 seconds it gives the same successor again, since answers get lost; after that ' +
      'its use ends the session (`refresh_token_reused`). The one of the cookie is taken from pages of this API and of ' +
      'CORS_ORIGINS only (`Origin`), and its successor goes into the cookie.',
  })
  refresh(
    @Body() { refreshToken }: Refresh,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Wire<TokenView>> {
    return this.signIns.refresh(refreshToken, reply);
  }

  @Post('logout')
  @Authenticated()
  @ApiBearerAuth()
  @Acts({
    problems: [400, 401, 406, 413, 415, 503],
    summary: 'End this session',
    description: 'Its refresh token is over at once, its access token within seconds everywhere.',
  })
  async logout(
    @Body() _: NoBody,
    @Me() { id, sid }: AuthenticatedUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (sid !== undefined) await this.signIns.end(sid, id);
    this.signIns.clearCookie(reply);
  }

  @Post('logout-all')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(EndAllSessions, { deletes: true, waits: 10, summary: 'End all your sessions, this one too' })
  logoutAll(@Me() { id: userId }: AuthenticatedUser) {
    return this.commands.send(new EndAllSessions({ userId }));
  }

  @Get('me')
  @Authenticated()
  @ApiBearerAuth()
  @Reads(MeView, { summary: 'Who you are' })
  async me(@Me() { id }: AuthenticatedUser): Promise<Wire<MeView>> {
    const me = await this.accounts.me(id);
    if (!me) throw new UserNotFound(id);
    return me;
  }

  @Get('sessions')
  @Authenticated()
  @ApiBearerAuth()
  @Lists(SessionView, SessionListPage, { summary: 'Where you are signed in, newest first unless sorted otherwise' })
  list(@Query() page: SessionListPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<SessionView>>> {
    return this.sessions.list(page, me);
  }

  @Delete('sessions/:session_id')
  @Authenticated()
  @ApiBearerAuth()
  @Acts({ problems: [400, 401, 404, 406, 413, 415, 503], summary: 'End one of your sessions' })
  async end(
    @Param('session_id', UuidPipe) sessionId: string,
    @Body() _: NoBody,
    @Me() { id }: AuthenticatedUser,
  ): Promise<void> {
    const ended = await this.signIns.end(sessionId, id);
    if (!ended) throw notFound('session_not_found', `you have no session ${sessionId} that is not over`);
  }
}

/** What failures are counted for. */
function nameOf({ email, username }: Login): string {
  if ((email === undefined) === (username === undefined)) {
    const message = 'give either email or username';
    throw new InvalidMessage([{ pointer: '', reason: 'login_name_required', message }]);
  }
  return email === undefined ? (username ?? '').trim().toLowerCase() : normalEmail(email);
}
