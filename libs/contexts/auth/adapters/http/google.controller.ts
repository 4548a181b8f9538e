import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { Example, Message, Optional, type Wire } from '#kernel';
import { Public } from '#platform/auth/access-policy.js';
import { requestScope } from '#platform/http/request-scope.js';

import { BrowserCookie } from '../oidc/browser-cookie.js';
import { OAuthExchangeFailed, OAuthStateInvalid } from '../oidc/errors.js';
import { ExternalSignIn } from '../oidc/external-sign-in.js';
import { IdentityProvider } from '../oidc/identity-provider.js';
import { SignInFlows } from '../oidc/sign-in-flows.js';
import { SignIns } from '../sessions/sign-ins.js';
import { TokenView } from '../sessions/token-view.js';
import { Acts } from './acts.decorator.js';

const longest = { state: 200, code: 2_000, issuer: 500 };
const anyState = { context: { reason: 'oauth_state_invalid' } };

class Authorization extends Message<Authorization> {
  /** Where to send the browser. */
  @IsString()
  @Example('https://accounts.google.com/o/oauth2/v2/auth?client_id=…')
  readonly authorizationUrl!: string;
}

/** What the provider gave the browser. */
class Callback extends Message<Callback> {
  @IsString(anyState) @MaxLength(longest.state, anyState) readonly state!: string;
  @IsString() @MaxLength(longest.code) readonly code!: string;
  /** If the provider gave it. */
  @Optional() @IsString() @MaxLength(longest.issuer) @Example('https://accounts.google.com') readonly iss?: string;
  /** The refresh token goes into the cookie `cf_refresh`, where no script reads it. */
  @Optional() @IsBoolean() readonly useCookie?: boolean;
}

type Returned = Partial<Pick<Callback, 'state' | 'code' | 'iss' | 'useCookie'>>;

const summary = 'Finish signing in with Google';
const description =
  'Good once, within 10 minutes, for the browser that began: it sends the cookie `cf_oauth`. Somebody new is registered. An ' +
  'account with the same e-mail address is joined only if Google and we have both seen it verified; otherwise the answer is ' +
  '`email_taken`.';
const problems = [400, 401, 406, 409, 413, 415, 429, 503];

@ApiTags('auth')
@Public()
@Controller('auth/oauth/google')
export class GoogleController {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly flows: SignInFlows,
    private readonly cookie: BrowserCookie,
    private readonly accounts: ExternalSignIn,
    private readonly signIns: SignIns,
  ) {}

  @Get('authorize')
  @Acts({
    view: Authorization,
    problems: [406, 429, 503],
    summary: 'Begin to sign in with Google',
    description: 'Sets the cookie `cf_oauth`. Google sends the browser back to this API, and nowhere else.',
  })
  async authorize(@Res({ passthrough: true }) reply: FastifyReply): Promise<Wire<Authorization>> {
    const flow = this.flows.begin();
    const url = await this.provider.authorizationUrl(flow.attempt);
    await this.flows.keep(this.provider.name, flow);
    this.cookie.write(reply, flow.browser);
    return { authorization_url: url.href };
  }

  @Get('callback')
  @ApiQuery({ name: 'state', schema: { type: 'string' } })
  @ApiQuery({ name: 'code', required: false, schema: { type: 'string' } })
  @Acts({ view: TokenView, problems, summary, description: `Where Google sends the browser. ${description}` })
  arrive(
    @Query() query: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Wire<TokenView>> {
    // RFC 6749, section 4.1.2: what else there is has to be ignored, and Google does send more.
    const text = (name: string, most: number): string | undefined => {
      const value = query[name];
      return typeof value === 'string' && value.length <= most ? value : undefined;
    };
    const { state, code, issuer } = longest;
    return this.#finish({ state: text('state', state), code: text('code', code), iss: text('iss', issuer) }, reply);
  }

  @Post('callback')
  @Acts({
    body: Callback,
    view: TokenView,
    problems,
    summary,
    description: `For pages that take in hand themselves what Google gave the browser. ${description}`,
  })
  finish(@Body() body: Callback, @Res({ passthrough: true }) reply: FastifyReply): Promise<Wire<TokenView>> {
    return this.#finish(body, reply);
  }

  async #finish({ state, code, iss: issuer, useCookie }: Returned, reply: FastifyReply): Promise<Wire<TokenView>> {
    const browser = this.cookie.read(requestScope().request);
    if (!state || !browser) throw new OAuthStateInvalid();
    const attempt = await this.flows.take(this.provider.name, state, browser);
    this.cookie.clear(reply);
    if (!code) throw new OAuthExchangeFailed();
    const identity = await this.provider.exchange({ code, issuer }, attempt);
    const account = await this.accounts.accountOf(identity);
    return this.signIns.open(account, this.provider.name, { useCookie }, reply);
  }
}
