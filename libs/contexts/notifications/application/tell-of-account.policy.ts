import {
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserVerificationRequested,
} from '#contexts/auth/contract/index.js';
import { UserCreated } from '#contexts/users/contract/index.js';
import { policy, type PolicyMeta } from '#kernel';

import type { AccountLinkKind } from '../contract/index.js';
import { inWords, tell } from './tell-user.js';

type LinkRequested = UserPasswordResetRequested | UserVerificationRequested;

const withLink = (kind: AccountLinkKind) => (event: LinkRequested, _: undefined, meta: PolicyMeta) => {
  const { userId, email, username, requestId, expiresAt } = event;
  const link = { kind, request_id: requestId, expires_at: expiresAt };
  const variables = { username, expires_at: inWords(expiresAt) };
  return tell({ userId, channel: 'email', recipient: email, template: kind, variables, link }, meta);
};

export const tellOfAccount = [
  policy('notifications.welcome', UserCreated, {
    then: ({ userId, email, username }, _, meta) =>
      tell({ userId, channel: 'email', recipient: email, template: 'welcome', variables: { username } }, meta),
  }),
  policy('notifications.tell_email_verification', UserVerificationRequested, { then: withLink('email_verification') }),
  policy('notifications.tell_password_reset', UserPasswordResetRequested, { then: withLink('password_reset') }),
  policy('notifications.tell_password_changed', UserPasswordChanged, {
    then: ({ userId, email, username }, _, meta) => {
      const variables = { username, changed_at: inWords(meta.occurredAt.toISOString()) };
      return tell({ userId, channel: 'email', recipient: email, template: 'password_changed', variables }, meta);
    },
  }),
];
