import { Controller, Get, Header, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Public } from '#platform/auth/access-policy.js';

import { contentSecurityPolicy, html } from './account-page.js';

const resetPassword = html({
  title: 'Choose a new password',
  text: 'You will be signed out everywhere, and sign in with the new password.',
  fields: `<label>New password <input type="password" name="new_password" autocomplete="new-password" required></label>
<label>The same again <input type="password" name="again" autocomplete="new-password" required></label>`,
  button: 'Change the password',
  action: '/api/v1/auth/password/reset',
  done: 'Your password is changed. You can sign in with it now.',
});

// A button, since programs that look through mails open their links, too.
const verifyEmail = html({
  title: 'Is this your e-mail address?',
  text: 'Confirm that the mail with this link came to you.',
  fields: '',
  button: 'Yes, it is mine',
  action: '/api/v1/auth/email/verify',
  done: 'Thank you: your e-mail address is confirmed.',
});

/** What the links in mails lead to, where nobody serves pages of their own at these addresses. */
@ApiExcludeController()
@Public()
@Controller({ path: 'account', version: VERSION_NEUTRAL })
export class AccountPagesController {
  @Get('reset-password')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', contentSecurityPolicy)
  @Header('Cache-Control', 'no-store')
  resetPassword(): string {
    return resetPassword;
  }

  @Get('verify-email')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', contentSecurityPolicy)
  @Header('Cache-Control', 'no-store')
  verifyEmail(): string {
    return verifyEmail;
  }
}
