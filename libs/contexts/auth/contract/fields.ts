import { IsIn, Matches, MaxLength } from 'class-validator';

import { all, Trimmed } from '#kernel';

import { Roles } from './vocabulary.js';

export const Username = (): PropertyDecorator =>
  all(
    Trimmed(),
    Matches(/^[A-Za-z0-9_]{3,20}$/, {
      message: 'the user name must have 3 to 20 characters out of A–Z, a–z, 0–9 and _',
      context: { reason: 'username_invalid' },
    }),
  );

/** An argon2id hash in PHC form. A password in its place is refused before it can be stored anywhere. */
export const PasswordHash = (): PropertyDecorator =>
  all(
    Matches(/^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/, {
      message: 'the hash must be one of argon2id in PHC form',
    }),
    MaxLength(255),
  );

/** The name of an identity provider, as the configuration has it, or another way to sign in. */
export const ProviderName = (): PropertyDecorator =>
  Matches(/^[a-z][a-z0-9_-]{0,49}$/, { message: 'the provider must be named by 1 to 50 of a–z, 0–9, _ and -' });

const roleRefusal = {
  message: `the role must be one of ${Roles.join(', ')}`,
  context: { reason: 'role_unknown' },
};

export const KnownRole = (): PropertyDecorator => IsIn(Roles, roleRefusal);
export const KnownRoles = (): PropertyDecorator => IsIn(Roles, { ...roleRefusal, each: true });
