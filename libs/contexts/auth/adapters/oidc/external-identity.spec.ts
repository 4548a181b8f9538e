import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decode, toWire } from '#kernel';

import { externalUserId, RegisterExternalUser } from '../../contract/index.js';
import { OAuthProfileIncomplete } from './errors.js';
import { identityOf } from './external-identity.js';

const claims = { sub: '108204268033311374519', email: 'Ada@Example.org', email_verified: true };

describe('An identity of a provider', () => {
  it('has the address in lower case, and no names where there are none', () => {
    expect(identityOf('google', claims)).toEqual({
      provider: 'google',
      subject: claims.sub,
      email: 'ada@example.org',
      emailVerified: true,
    });
  });

  it.each([false, 'true', 'false', 1, null, undefined])('has no verified address when the provider says %j', (said) => {
    expect(identityOf('google', { ...claims, email_verified: said }).emailVerified).toBe(false);
  });

  it.each([undefined, null, '', 'ada', 'ada@', 5, ['ada@example.org'], `${'a'.repeat(250)}@example.org`])(
    'is none with the address %j',
    (email) => {
      expect(() => identityOf('google', { ...claims, email })).toThrow(OAuthProfileIncomplete);
    },
  );

  it.each([undefined, null, '', ' ', 5, 'a b', 'ä', 'x'.repeat(256)])('is none with the subject %j', (sub) => {
    expect(() => identityOf('google', { ...claims, sub })).toThrow(OAuthProfileIncomplete);
  });

  it('has names without what no text may hold', () => {
    const identity = identityOf('google', {
      ...claims,
      name: ' Ada\0\n Love\ud800lace ',
      given_name: '\t',
      family_name: 7,
    });
    expect(identity.name).toBe('Ada  Love\ufffdlace');
    expect([identity.firstName, identity.lastName]).toEqual([undefined, undefined]);
  });

  it('can be registered whatever names it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }), (name, given) => {
        const identity = identityOf('google', { ...claims, name, given_name: given, family_name: name + given });
        const { provider, subject } = identity;
        const command = { ...identity, userId: externalUserId(provider, subject), username: 'ada_l' };
        const decoded = decode(RegisterExternalUser, toWire(new RegisterExternalUser(command)));
        expect([decoded.name, decoded.firstName]).toEqual([identity.name, identity.firstName]);
      }),
    );
  });
});
