import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import { AccountCredentialsSet, EmailTaken, RegisterUser, UsernameTaken, UserRegistered } from '../contract/index.js';
import { authScenario, happened, now, otherHash, passwordHash, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';
import { CredentialsRow } from '../read-models/credentials.entity.js';

const { email, username, name } = happened.registered;
const register = new RegisterUser({ userId, email, username, name, passwordHash });

describe('Registering', () => {
  it('tells who is there, and keeps what proves the password to itself', () =>
    authScenario().when(register).then(happened.registered, happened.credentialsSet));

  it('is for anybody', () =>
    authScenario().by('anonymous').when(register).then(happened.registered, happened.credentialsSet));

  it('takes the e-mail address in lower case', () =>
    authScenario()
      .when(new RegisterUser({ ...register, email: ' Ada@Example.ORG ' }))
      .then(happened.registered, happened.credentialsSet));

  it('tells all that was given', () =>
    authScenario()
      .when(new RegisterUser({ ...register, firstName: 'Ada', lastName: 'Lovelace', phoneNumber: '+441632960961' }))
      .then(
        new UserRegistered({
          ...happened.registered,
          firstName: 'Ada',
          lastName: 'Lovelace',
          phoneNumber: '+441632960961',
        }),
        happened.credentialsSet,
      ));

  it('makes the account at once, active and not verified', () =>
    authScenario()
      .when(register)
      .thenRow(AccountRow, userId, {
        version: 2,
        email: 'ada@example.org',
        username: 'ada_l',
        name: 'Ada Lovelace',
        isActive: true,
        isVerified: false,
        createdAt: new Date(now),
      }));

  it('makes the password known at once', () =>
    authScenario().when(register).thenRow(CredentialsRow, userId, { passwordHash, version: 2 }));

  it('is rejected when the e-mail address is taken', () =>
    authScenario().violating('accounts_email').when(register).thenRejected(EmailTaken));

  it('is rejected when the user name is taken', () =>
    authScenario().violating('accounts_username').when(register).thenRejected(UsernameTaken));

  it('happens once under an id, though the account be deleted since', async () => {
    const again = new RegisterUser({ ...register, email: 'new@example.org', passwordHash: otherHash });
    await authScenario().given(happened.registered).when(again).thenRejected(AlreadyExists);
    await authScenario().given(happened.registered, happened.deleted).when(again).thenRejected(AlreadyExists);
  });

  it('takes no password for a hash', () =>
    authScenario()
      .when(new RegisterUser({ ...register, passwordHash: 'correct horse battery staple' }))
      .thenRejected({ kind: 'invalid' }));

  it('keeps the hash in an event that never leaves', () =>
    authScenario()
      .when(new RegisterUser({ ...register, passwordHash: otherHash }))
      .then(happened.registered, new AccountCredentialsSet({ userId, passwordHash: otherHash })));
});
