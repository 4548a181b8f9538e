import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  AdminRoleHeld,
  AlreadyVerified,
  ChangePassword,
  EmailTaken,
  LastAdmin,
  LinkIdentity,
  NothingToUpdate,
  RegisterExternalUser,
  RegisterUser,
  RequestEmailVerification,
  RequestPasswordReset,
  ResetPassword,
  ResetTokenInvalid,
  UpdateAccount,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UserNotFound,
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserRegistered,
  UserSessionsEnded,
  UserVerificationRequested,
  UserVerified,
  VerificationTokenInvalid,
  VerifyEmail,
} from '../contract/index.js';
import { Account } from './account.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const at = new Date('2026-03-01T10:00:00.000Z');
const later = '2026-03-01T11:00:00.000Z';
const owner = { id: userId, asAdmin: false };
const stranger = { id: '0196a1de-0000-7000-8000-00000000000b', asAdmin: false };
const admin = { id: '0196a1de-0000-7000-8000-00000000000c', asAdmin: true };
const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA';
const hashOf = (email: string): string => `hash of ${email}`;
const request = (n: number): string => `0196a1de-0000-7000-8000-0000000000f${n}`;

const reached = { email: 'ada@example.org', username: 'ada_l' };
const identity = { ...reached, name: 'Ada Lovelace' };
const registered = new UserRegistered({ userId, ...identity, source: 'password', emailVerified: false });
const verified = new UserVerified({ userId, verifiedAt: at.toISOString() });
const deactivated = new UserDeactivated({ userId });
const reset = (n: number, expiresAt = later): UserPasswordResetRequested =>
  new UserPasswordResetRequested({ userId, ...reached, requestId: request(n), expiresAt });
const verification = (n: number): UserVerificationRequested =>
  new UserVerificationRequested({ userId, ...reached, requestId: request(n), expiresAt: later });
const passwordChanged = new UserPasswordChanged({ userId, ...reached, method: 'change' });

function accountAfter(...events: readonly object[]): Account {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: userId }));
  return new Account(userId).restore(new Account(userId).replay(past), { at, actor: userId });
}

const resetting = (n: number): ResetPassword => new ResetPassword({ userId, requestId: request(n), passwordHash });
const isGood = (account: Account, n: number): boolean => {
  try {
    account.resetPassword(resetting(n), at);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ResetTokenInvalid);
    return false;
  }
};

describe('Registering', () => {
  const register = (fields: Partial<RegisterUser>): readonly object[] => {
    const account = accountAfter();
    account.register(new RegisterUser({ userId, ...identity, passwordHash, ...fields }));
    return account.recorded;
  };

  it('says who is there, and keeps the hash apart', () => {
    expect(register({})).toEqual([registered, new AccountCredentialsSet({ userId, passwordHash })]);
  });

  it.each([
    [{ name: 'Ada' }, 'Ada'],
    [{ name: undefined, firstName: 'Ada', lastName: 'King' }, 'Ada King'],
    [{ name: undefined, lastName: 'King' }, 'King'],
    [{ name: undefined, firstName: '\u{1F40E}'.repeat(99), lastName: 'King' }, '\u{1F40E}'.repeat(99)],
    [{ name: undefined, firstName: 'x'.repeat(98), lastName: '\u{1F40E}\u{1F40E}' }, `${'x'.repeat(98)} \u{1F40E}`],
    [{ name: undefined }, ''],
    [{ name: 'Countess', firstName: 'Ada' }, 'Countess'],
  ])('takes the name from %j', (fields, name) => {
    expect(register(fields)[0]).toMatchObject({ name });
  });

  it('takes any e-mail address in lower case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(register({ email: email.toUpperCase() })[0]).toMatchObject({ email: email.toUpperCase().toLowerCase() });
      }),
    );
  });

  it('by a provider keeps the identity apart, and has no password', () => {
    const account = accountAfter();
    const google = { provider: 'google', subject: '1082' };
    account.registerExternal(new RegisterExternalUser({ userId, ...identity, ...google, emailVerified: true }));
    expect(account.recorded).toEqual([
      new UserRegistered({ userId, ...identity, source: 'google', emailVerified: true }),
      new AccountIdentityLinked({ userId, ...google }),
    ]);
  });
});

describe('Joining an identity', () => {
  const link = (subject = '1082'): LinkIdentity => new LinkIdentity({ userId, provider: 'google', subject });

  it('needs an e-mail address that the account has proven', () => {
    expect(() => accountAfter(registered).link(link())).toThrow(EmailTaken);
    const account = accountAfter(registered, verified);
    account.link(link());
    account.link(link());
    account.link(link('1083'));
    expect(account.recorded).toHaveLength(2);
  });

  it('is not for an account that is deactivated', () => {
    expect(() => accountAfter(registered, verified, deactivated).link(link())).toThrow(UserNotFound);
  });
});

describe('An identity that was joined', () => {
  const google = { provider: 'google', subject: '1082' };
  const linked = new AccountIdentityLinked({ userId, ...google });
  const byReset = new UserPasswordChanged({ ...passwordChanged, method: 'reset' });
  const moved = new UserIdentityChanged({ userId, ...identity, isVerified: false, changed: ['email', 'is_verified'] });
  /** One that is still there is not joined again. */
  const isThere = (...events: readonly object[]): boolean => {
    const account = accountAfter(registered, verified, linked, ...events, verified);
    account.link(new LinkIdentity({ userId, ...google }));
    return account.recorded.length === 0;
  };

  it('is gone once the password was reset by mail to an address that nobody had proven', () => {
    expect(isThere(moved, byReset)).toBe(false);
  });

  it('stays through a reset by mail to a proven address, and through a change', () => {
    expect(isThere(byReset)).toBe(true);
    expect(isThere(moved, verified, byReset)).toBe(true);
    expect(isThere(moved, passwordChanged)).toBe(true);
  });
});

describe('Changing the identity', () => {
  const update = (fields: Partial<UpdateAccount>): UpdateAccount => new UpdateAccount({ userId, ...fields });

  it('makes a new e-mail address unproven, and keeps the same one as it is', () => {
    const account = accountAfter(registered, verified);
    account.update(update({ email: 'ADA@example.org' }), owner);
    expect(account.recorded).toEqual([]);
    account.update(update({ email: 'new@example.org' }), owner);
    expect(account.recorded).toEqual([
      new UserIdentityChanged({
        userId,
        ...identity,
        email: 'new@example.org',
        isVerified: false,
        changed: ['email', 'is_verified'],
      }),
    ]);
  });

  it('may change the letters of a user name', () => {
    const account = accountAfter(registered);
    account.update(update({ username: 'ADA_L' }), owner);
    expect(account.recorded).toMatchObject([{ username: 'ADA_L', changed: ['username'] }]);
  });

  it('needs a field', () => {
    expect(() => accountAfter(registered).update(update({}), owner)).toThrow(NothingToUpdate);
  });

  it('does not tell a stranger that a field is missing', () => {
    expect(() => accountAfter(registered).update(update({}), stranger)).toThrow(UserNotFound);
  });
});

describe('A link to reset the password', () => {
  it('is good once, and voids the others', () => {
    const account = accountAfter(registered, reset(1), reset(2));
    account.resetPassword(resetting(1), at);
    expect(account.recorded).toEqual([
      new AccountCredentialsSet({ userId, passwordHash }),
      new UserPasswordChanged({ userId, ...reached, method: 'reset' }),
    ]);
    expect([isGood(account, 1), isGood(account, 2)]).toEqual([false, false]);
  });

  it('is good until it expires', () => {
    const account = accountAfter(registered, reset(1));
    expect(() => account.resetPassword(resetting(1), new Date(later))).toThrow(ResetTokenInvalid);
    expect(isGood(account, 1)).toBe(true);
  });

  it('takes the place of the oldest where there are five', () => {
    const asked = accountAfter(registered, ...[1, 2, 3, 4, 5, 6].map((n) => reset(n)));
    expect(isGood(asked, 1)).toBe(false);
    expect(isGood(accountAfter(registered, ...[1, 2, 3, 4, 5, 6].map((n) => reset(n))), 2)).toBe(true);
  });

  it('leaves those of verification alone', () => {
    const account = accountAfter(registered, verification(9), ...[1, 2, 3, 4, 5].map((n) => reset(n)));
    account.verifyEmail(new VerifyEmail({ userId, requestId: request(9) }), at);
    expect(account.recorded).toEqual([verified]);
  });

  it.each([
    ['the password was changed', passwordChanged],
    ['the account was deactivated', deactivated],
    [
      'the e-mail address was changed',
      new UserIdentityChanged({ userId, ...identity, isVerified: false, changed: ['email'] }),
    ],
  ])('is void once %s', (_, event) => {
    expect(isGood(accountAfter(registered, reset(1), event, new UserActivated({ userId })), 1)).toBe(false);
  });

  it('stays good when only the name was changed, or all sessions ended', () => {
    const renamed = new UserIdentityChanged({ userId, ...identity, isVerified: false, changed: ['name'] });
    expect(isGood(accountAfter(registered, reset(1), renamed, new UserSessionsEnded({ userId })), 1)).toBe(true);
  });

  it('is for active accounts', () => {
    const asking = new RequestPasswordReset({ userId, requestId: request(1), expiresAt: later });
    expect(() => accountAfter(registered, deactivated).requestPasswordReset(asking)).toThrow(UserNotFound);
  });

  it('is good for one reset, in whatever order links are asked for and used', () => {
    const acts = fc.array(fc.tuple(fc.constantFrom('ask', 'use'), fc.integer({ min: 1, max: 8 })), { maxLength: 30 });
    fc.assert(
      fc.property(acts, (tried) => {
        const account = accountAfter(registered);
        const asked: number[] = [];
        for (const [act, n] of tried)
          if (act === 'ask') {
            account.requestPasswordReset(new RequestPasswordReset({ userId, requestId: request(n), expiresAt: later }));
            asked.push(n);
          } else {
            expect(isGood(account, n)).toBe(asked.slice(-5).includes(n));
            if (asked.slice(-5).includes(n)) asked.length = 0;
          }
      }),
    );
  });
});

describe('A link to verify the e-mail address', () => {
  const verify = new VerifyEmail({ userId, requestId: request(1) });
  const ask = new RequestEmailVerification({ userId, requestId: request(1), expiresAt: later });

  it('is good once', () => {
    const account = accountAfter(registered, verification(1));
    account.verifyEmail(verify, at);
    expect(account.recorded).toEqual([verified]);
    expect(() => account.verifyEmail(verify, at)).toThrow(AlreadyVerified);
  });

  it('is good for nothing else, and nothing else for it', () => {
    expect(() => accountAfter(registered, reset(1)).verifyEmail(verify, at)).toThrow(VerificationTokenInvalid);
    expect(() => accountAfter(registered, verification(1)).resetPassword(resetting(1), at)).toThrow(ResetTokenInvalid);
  });

  it('is void once an administrator vouched for the user and the address changed', () => {
    const moved = new UserIdentityChanged({ userId, ...identity, isVerified: false, changed: ['email'] });
    expect(() => accountAfter(registered, verification(1), verified, moved).verifyEmail(verify, at)).toThrow(
      VerificationTokenInvalid,
    );
  });

  it('is not made for an address that is verified, nor for anybody else', () => {
    expect(() => accountAfter(registered, verified).requestVerification(ask, owner)).toThrow(AlreadyVerified);
    for (const asker of [stranger, admin])
      expect(() => accountAfter(registered, verified).requestVerification(ask, asker)).toThrow(UserNotFound);
  });
});

describe('An account', () => {
  it('is activated, deactivated and verified once', () => {
    const account = accountAfter(registered);
    account.activate();
    account.deactivate(owner, 'none');
    account.deactivate(owner, 'none');
    account.activate();
    account.activate();
    account.verify(at);
    account.verify(at);
    expect(account.recorded).toEqual([deactivated, new UserActivated({ userId }), verified]);
  });

  it.each([
    ['only_one', LastAdmin],
    ['one_of_several', AdminRoleHeld],
  ] as const)('of an administrator who is %s neither ends nor rests', (standing, refusal) => {
    for (const asker of [owner, admin]) {
      expect(() => accountAfter(registered).deactivate(asker, standing)).toThrow(refusal);
      expect(() => accountAfter(registered).delete(asker, at, standing, hashOf)).toThrow(refusal);
    }
  });

  it('is gone once it was deleted, with a hash of its address left', () => {
    const account = accountAfter(registered);
    account.delete(owner, at, 'none', hashOf);
    expect(account.recorded).toEqual([
      new UserDeleted({ userId, emailHash: 'hash of ada@example.org', deletedAt: at.toISOString() }),
    ]);
    expect(account.exists).toBe(false);
  });

  it('does not exist for a stranger', () => {
    const account = () => accountAfter(registered);
    const acts = [
      () => account().update(new UpdateAccount({ userId, name: 'Mine' }), stranger),
      () => account().deactivate(stranger, 'only_one'),
      () => account().delete(stranger, at, 'only_one', hashOf),
      () => account().changePassword(new ChangePassword({ userId, passwordHash }), stranger),
      () => account().endAllSessions(stranger),
    ];
    for (const act of acts) expect(act).toThrow(UserNotFound);
  });

  it('that is deactivated gives its owner no say, and an administrator all', () => {
    const account = () => accountAfter(registered, deactivated);
    const update = new UpdateAccount({ userId, name: 'Ada' });
    const acts = [
      () => account().update(update, owner),
      () => account().delete(owner, at, 'none', hashOf),
      () => account().changePassword(new ChangePassword({ userId, passwordHash }), owner),
      () => account().endAllSessions(owner),
    ];
    for (const act of acts) expect(act).toThrow(UserNotFound);
    expect(() => account().update(update, admin)).not.toThrow();
    expect(() => account().delete(admin, at, 'none', hashOf)).not.toThrow();
  });

  it('whose user is forgotten can still be folded', () => {
    const forgotten = new UserRegistered({ ...registered, email: '', username: '', name: '' });
    const account = accountAfter(
      forgotten,
      new AccountIdentityLinked({ userId, provider: 'google', subject: '' }),
      new UserIdentityChanged({ userId, email: '', username: '', name: '', isVerified: false, changed: ['email'] }),
      new UserDeleted({ userId, emailHash: 'f3d1', deletedAt: at.toISOString() }),
    );
    expect(account.exists).toBe(false);
    expect(account.version).toBe(4);
  });
});
