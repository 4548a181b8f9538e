import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { Example, InvalidMessage, Message, Optional, type Wire } from '#kernel';
import { Public } from '#platform/auth/access-policy.js';
import { AccessTokens } from '#platform/auth/access-tokens.js';
import { TakesForm } from '#platform/http/form.js';
import { addressKey } from '#platform/http/rate-limits/address.js';
import { requestScope } from '#platform/http/request-scope.js';

import { normalEmail } from '../../contract/index.js';
import { LoginQueries } from '../../read-models/login.queries.js';
import { FailedSignIns } from '../limits/failed-sign-ins.js';
import { PasswordChecks } from '../passwords/password-checks.js';
import { invalidCredentials } from '../refusals.js';
import { ServiceClients } from '../service-clients/service-clients.js';
import { SignIns, tokenAnswer } from '../sessions/sign-ins.js';
import { TokenView } from '../sessions/token-view.js';
import { Acts } from './acts.decorator.js';

const grantTypes = ['password', 'client_credentials', 'refresh_token'] as const;

class TokenRequest extends Message<TokenRequest> {
  /** `password` unless said. */
  @Optional() @IsIn(grantTypes) @Example('password') readonly grantType?: (typeof grantTypes)[number];
  /** An e-mail address or a user name. */
  @Optional() @IsString() @MaxLength(254) @Example('ada@example.org') readonly username?: string;
  @Optional() @IsString() @Example('correct horse battery') readonly password?: string;
  @Optional() @IsString() @MaxLength(254) readonly clientId?: string;
  @Optional() @IsString() @MaxLength(254) readonly clientSecret?: string;
  @Optional() @IsString() @MaxLength(1_000) readonly refreshToken?: string;
  /** Taken, and not heeded: what a token may do follows from the roles. */
  @Optional() @IsString() @MaxLength(1_000) readonly scope?: string;
}

@ApiTags('auth')
@Controller('auth')
export class TokenController {
  constructor(
    private readonly signIns: SignIns,
    private readonly checks: PasswordChecks,
    private readonly failures: FailedSignIns,
    private readonly logins: LoginQueries,
    private readonly clients: ServiceClients,
    private readonly tokens: AccessTokens,
  ) {}

  @Post('token')
  @Public()
  @TakesForm()
  @Acts({
    body: TokenRequest,
    view: TokenView,
    problems: [400, 401, 406, 413, 415, 429, 503],
    summary: 'Sign in as OAuth 2.0 clients do',
    description:
      'A form (RFC 6749), or the same in JSON: `grant_type=password` with `username` and `password`, `grant_type=refresh_token` with ' +
      '`refresh_token`, or for programs `grant_type=client_credentials` with `client_id` and `client_secret`, in the form or ' +
      'by `Authorization: Basic`. Errors are problem documents.',
  })
  token(@Body() form: TokenRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Wire<TokenView>> {
    if (form.grantType === 'client_credentials') return this.#client(form);
    if (form.grantType === 'refresh_token')
      return this.signIns.refresh(given('refresh_token', form.refreshToken), reply);
    return this.#person(form, reply);
  }

  async #person({ username, password }: TokenRequest, reply: FastifyReply): Promise<Wire<TokenView>> {
    const name = normalEmail(given('username', username));
    const claim = { name, password: given('password', password), address: addressKey(requestScope().request.ip) };
    const account = await this.checks.prove(claim, () =>
      name.includes('@') ? this.logins.byEmail(name) : this.logins.byUsername(name),
    );
    if (!account) throw invalidCredentials();
    return this.signIns.open(account, 'password', {}, reply);
  }

  async #client(form: TokenRequest): Promise<Wire<TokenView>> {
    const { request } = requestScope();
    const address = addressKey(request.ip);
    const [clientId, secret] = basicOf(request.headers.authorization) ?? [form.clientId, form.clientSecret];
    const id = given('client_id', clientId);
    await this.failures.check(id, address);
    const client = await this.clients.authenticate(id, given('client_secret', secret));
    if (!client) {
      await this.failures.failed(id, address);
      throw invalidCredentials();
    }
    return tokenAnswer(this.tokens, client);
  }
}

/** @throws InvalidMessage `field_required` */
function given(name: string, value: string | undefined): string {
  if (value) return value;
  throw new InvalidMessage([{ pointer: `/${name}`, reason: 'field_required', message: `this grant needs ${name}` }]);
}

/** RFC 6749, section 2.3.1: both are form-encoded within. */
function basicOf(authorization: string | undefined): [string, string] | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const end = text.indexOf(':');
  try {
    return [text.slice(0, end), text.slice(end + 1)].map((part) => decodeURIComponent(part.replaceAll('+', ' '))) as [
      string,
      string,
    ];
  } catch {
    return undefined;
  }
}
