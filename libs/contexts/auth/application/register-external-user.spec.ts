import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import {
  AccountIdentityLinked,
  EmailTaken,
  externalUserId,
  RegisterExternalUser,
  UserRegistered,
} from '../contract/index.js';
import { authScenario } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';
import { CredentialsRow } from '../read-models/credentials.entity.js';

const google = { provider: 'google', subject: '108204268033311374519' };
const userId = externalUserId(google.provider, google.subject);
const person = { email: 'ada@example.org', username: 'ada_l', firstName: 'Ada', lastName: 'Lovelace' };
const register = new RegisterExternalUser({ userId, ...person, ...google, emailVerified: true });
const registered = new UserRegistered({
  userId,
  ...person,
  name: 'Ada Lovelace',
  source: 'google',
  emailVerified: true,
});
const linked = new AccountIdentityLinked({ userId, ...google });

describe('Registering by an identity provider', () => {
  it('tells who is there and by which provider, and keeps the identity to itself', () =>
    authScenario().by('anonymous').when(register).then(registered, linked));

  it('makes an account that is found by the identity', () =>
    authScenario()
      .when(register)
      .thenRow(AccountRow, userId, {
        version: 2,
        isVerified: true,
        externalIdentities: ['google:108204268033311374519'],
      }));

  it('makes an account without a password', () => authScenario().when(register).thenRow(CredentialsRow, userId, null));

  it('believes what the provider says of the e-mail address', () =>
    authScenario()
      .when(new RegisterExternalUser({ ...register, emailVerified: false }))
      .thenRow(AccountRow, userId, { isVerified: false }));

  it('is rejected when the e-mail address is taken', () =>
    authScenario().violating('accounts_email').when(register).thenRejected(EmailTaken));

  it('happens once for an identity', () =>
    authScenario().given(registered, linked).when(register).thenRejected(AlreadyExists));
});
