import { AccountLinks, type AccountLink } from '../../contract/index.js';
import type { LinkTokens } from './link-tokens.js';

const pages: Readonly<Record<AccountLink['kind'], string>> = {
  password_reset: '/account/reset-password',
  email_verification: '/account/verify-email',
};

/**
 * Links to pages below the public address. The token is in the fragment, which a browser sends to no server: it shows in
 * no log and in no `Referer`.
 */
export class SignedAccountLinks extends AccountLinks {
  constructor(
    private readonly tokens: LinkTokens,
    private readonly publicUrl: string,
  ) {
    super();
  }

  of({ kind, userId, requestId, expiresAt }: AccountLink): string {
    return `${this.publicUrl}${pages[kind]}#token=${this.tokens.make(kind, { userId, requestId, expiresAt })}`;
  }
}
