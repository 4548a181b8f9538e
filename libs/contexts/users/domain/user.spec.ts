import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { CreateProfile, ProfileChanged, RecordIdentity, UpdateProfile, UserUpdated } from '../contract/index.js';
import { NothingToUpdate, UserNotFound } from './errors.js';
import { User } from './user.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const stranger = '0196a1de-0000-7000-8000-00000000000b';
const at = new Date('2026-03-01T10:00:00.000Z');

const self = { id: userId, asAdmin: false };
const identity = { email: 'ada@example.org', username: 'ada_l', name: 'Ada L.', isVerified: false };

function user(fields: Partial<CreateProfile> = {}): User {
  const made = new User(userId).restore({ state: null, version: 0 }, { at, actor: userId });
  made.open(new CreateProfile({ userId, ...identity, ...fields }));
  return new User(userId).restore(made.snapshot, { at, actor: userId });
}

const update = (fields: Partial<UpdateProfile>): UpdateProfile => new UpdateProfile({ userId, ...fields });

describe('A profile', () => {
  it('keeps what an update does not name', () => {
    const ada = user({ firstName: 'Ada', phoneNumber: '+441632960961' });
    ada.update(update({ lastName: 'King' }), self);
    const reached = { firstName: 'Ada', lastName: 'King', phoneNumber: '+441632960961' };
    expect(ada.recorded).toEqual([
      new ProfileChanged({ userId, ...reached }),
      new UserUpdated({ userId, ...identity, ...reached, isActive: true, changed: ['last_name'] }),
    ]);
  });

  it.each([null, ''])('loses what is put to %j', (nothing) => {
    const ada = user({ firstName: 'Ada', lastName: 'King' });
    ada.update(update({ firstName: nothing, bio: nothing }), self);
    expect(ada.recorded).toEqual([
      new ProfileChanged({ userId, lastName: 'King' }),
      new UserUpdated({ userId, ...identity, lastName: 'King', isActive: true, changed: ['first_name'] }),
    ]);
  });

  it('is changed by whom it is about and by administrators', () => {
    expect(() => user().update(update({ bio: 'x' }), self)).not.toThrow();
    expect(() => user().update(update({ bio: 'x' }), { id: stranger, asAdmin: true })).not.toThrow();
    expect(() => user().update(update({ bio: 'x' }), { id: stranger, asAdmin: false })).toThrow(UserNotFound);
  });

  it('tells a stranger nothing, not even that an update says nothing', () => {
    expect(() => user().update(update({}), { id: stranger, asAdmin: false })).toThrow(UserNotFound);
    expect(() => user().update(update({}), self)).toThrow(NothingToUpdate);
  });

  it('comes to the same by many updates as by the last word on each field', () => {
    const value = fc.option(fc.constantFrom('', 'a', 'b'), { freq: 3 });
    const field = (): typeof value => value;
    const updates = fc.record(
      { firstName: field(), lastName: field(), bio: field(), avatarUrl: field(), phoneNumber: field() },
      { requiredKeys: ['bio'] },
    );
    fc.assert(
      fc.property(fc.array(updates, { minLength: 1, maxLength: 6 }), (all) => {
        const [slow, fast] = [user(), user()];
        for (const fields of all) slow.update(update(fields), self);
        fast.update(update(Object.assign({}, ...all) as Partial<UpdateProfile>), self);
        expect(slow.snapshot.state).toEqual(fast.snapshot.state);
      }),
    );
  });
});

describe('What an account says', () => {
  it('is told with what changed, and not at all if nothing did', () => {
    const ada = user();
    ada.identify(new RecordIdentity({ userId, email: identity.email, isActive: true }));
    expect(ada.recorded).toEqual([]);
    ada.identify(new RecordIdentity({ userId, name: '', isActive: false }));
    expect(ada.recorded).toEqual([
      new UserUpdated({ userId, ...identity, name: '', isActive: false, changed: ['name', 'is_active'] }),
    ]);
  });
});
