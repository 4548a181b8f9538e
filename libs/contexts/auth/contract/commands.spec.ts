import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, toWire, type Class } from '#kernel';

import * as contract from './index.js';
import {
  CreateServiceClient,
  demoAccounts,
  demoLogins,
  externalUserId,
  GrantRole,
  normalEmail,
  RegisterExternalUser,
  RegisterUser,
  rolesId,
  UpdateAccount,
} from './index.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA';

const judge =
  <T extends object>(type: Class<T>, valid: object) =>
  (fields: object): string => {
    try {
      decode(type, { ...valid, ...fields });
      return 'taken';
    } catch (error) {
      return (error as InvalidMessage).reason;
    }
  };

const registration = judge(RegisterUser, {
  user_id: userId,
  email: 'ada@example.org',
  username: 'ada_l',
  password_hash: hash,
});
const external = judge(RegisterExternalUser, {
  user_id: userId,
  email: 'ada@example.org',
  email_verified: true,
  username: 'ada_l',
  provider: 'google',
  subject: '1082',
});
const change = judge(UpdateAccount, { user_id: userId });

describe.each([
  ['a registration', registration],
  ['a registration by a provider', external],
  ['a change of an account', change],
])('The identity of %s', (_, reasonFor) => {
  it.each(['ada@example.org', ' ada+tasks@example.org ', 'ADA@EXAMPLE.ORG', "o'neil@example.org"])(
    'may have the e-mail address %j',
    (email) => {
      expect(reasonFor({ email })).toBe('taken');
    },
  );

  it.each(['', 'ada', 'ada@', '@example.org', 'ada@example', 'a b@example.org', 'ada@example.org\nx', 7, null])(
    'cannot have the e-mail address %j, for one reason',
    (email) => {
      expect(reasonFor({ email })).toBe('email_invalid');
    },
  );

  it('has an e-mail address of at most 254 characters', () => {
    const domain = `${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(59)}.org`;
    const local = 'a'.repeat(64);
    expect(`${local}@${domain}`).toHaveLength(250);
    expect(reasonFor({ email: `${local}@${domain}` })).toBe('taken');
    expect(reasonFor({ email: `${local}@${'d'.repeat(5)}.${domain}` })).toBe('email_invalid');
  });

  it.each(['ada', 'ADA_1815', 'x'.repeat(20), ' ada '])('may have the user name %j', (username) => {
    expect(reasonFor({ username })).toBe('taken');
  });

  it.each(['', 'ab', 'x'.repeat(21), 'ada-l', 'ada l', 'ada@l', 'ädä', 'ada\n1', 7, null])(
    'cannot have the user name %j, for one reason',
    (username) => {
      expect(reasonFor({ username })).toBe('username_invalid');
    },
  );

  it('may have a name of 1 to 100 characters, without the space around it', () => {
    expect(reasonFor({ name: ` ${'x'.repeat(100)} ` })).toBe('taken');
    expect(reasonFor({ name: ' \t' })).toBe('name_required');
    expect(reasonFor({ name: 'x'.repeat(101) })).toBe('name_too_long');
    expect(reasonFor({ name: null })).toBe('name_required');
  });
});

describe('A registration', () => {
  it.each(['+4', '+441632960961', `+${'9'.repeat(15)}`])('may have the phone number %s', (phone) => {
    expect(registration({ phone_number: phone })).toBe('taken');
  });

  it.each(['+', '441632960961', `+${'9'.repeat(16)}`, '+44 1632', '++44', '', null])(
    'cannot have the phone number %j',
    (phone) => {
      expect(registration({ phone_number: phone })).toBe('phone_number_invalid');
    },
  );

  it.each([
    'correct horse battery staple',
    '',
    'contextflow-demo',
    '$argon2id$',
    '$2b$10$abcdefghijklmnopqrstuv',
    null,
  ])('carries no password in the place of its hash, such as %j', (password) => {
    expect(registration({ password_hash: password })).not.toBe('taken');
  });
});

describe('A role', () => {
  const grant = judge(GrantRole, { roles_id: rolesId, user_id: userId });
  const client = judge(CreateServiceClient, { client_id: userId, name: 'Web shop', secret_hash: 'x'.repeat(40) });

  it('is one of those that there are', () => {
    expect(grant({ role: 'analyst' })).toBe('taken');
    expect(grant({ role: 'emperor' })).toBe('role_unknown');
    expect(client({ roles: ['service', 'analyst'] })).toBe('taken');
    expect(client({ roles: ['emperor'] })).toBe('role_unknown');
    expect(client({ roles: [] })).not.toBe('taken');
    expect(client({ roles: ['service', 'service'] })).not.toBe('taken');
  });

  it('is decided in one place', () => {
    expect(grant({ role: 'analyst', roles_id: userId })).toBe('is_in');
  });
});

describe('An e-mail address', () => {
  it('is compared in lower case, without the space around it', () => {
    expect(normalEmail('  Ada@Example.ORG ')).toBe('ada@example.org');
  });
});

describe('An identity of a provider', () => {
  it('stands for one account, and for no other identity’s', () => {
    expect(externalUserId('google', '1082')).toBe(externalUserId('google', '1082'));
    const ids = [externalUserId('google', '1082'), externalUserId('google', '1083'), externalUserId('other', '1082')];
    expect(new Set(ids).size).toBe(3);
  });
});

describe('The accounts of the demonstration', () => {
  const commands = () => demoAccounts((password) => `${hash}${Buffer.from(password).toString('hex')}`);

  it('are made by commands that are taken as they stand', async () => {
    for (const command of await commands())
      expect(decode(commandType(command.constructor).type, toWire(command))).toEqual(command);
  });

  it('are two people, one of them an administrator, with ids that never change', async () => {
    const made = await commands();
    expect(made.map((command) => commandType(command.constructor).name)).toEqual([
      'auth.register_user.v1',
      'auth.register_user.v1',
      'auth.verify_user.v1',
      'auth.verify_user.v1',
      'auth.grant_role.v1',
    ]);
    const [adminAccount] = made as readonly RegisterUser[];
    expect(adminAccount).toMatchObject({ email: 'admin@contextflow.local' });
    expect(made.at(-1)).toEqual(new GrantRole({ rolesId, userId: adminAccount?.userId ?? '', role: 'admin' }));
    expect(await commands()).toEqual(made);
  });

  it('never carry their passwords', async () => {
    const sent = JSON.stringify((await commands()).map(toWire));
    for (const { password } of demoLogins) expect(sent).not.toContain(password);
  });
});

describe('The messages', () => {
  const classes = (Object.values(contract) as unknown[]).filter(
    (value): value is Class<object> => typeof value === 'function' && declaredFields(value as Class<object>).length > 0,
  );
  const typeOf = (type: Class<object>) => {
    try {
      return { ...commandType(type), private: false };
    } catch {
      return eventType(type);
    }
  };

  it('keep the names that they have on the wire', () => {
    expect(classes.map((type) => typeOf(type).name).sort()).toEqual([
      'account.credentials_set.v1',
      'account.identity_linked.v1',
      'auth.activate_account.v1',
      'auth.change_password.v1',
      'auth.create_service_client.v1',
      'auth.deactivate_account.v1',
      'auth.delete_account.v1',
      'auth.end_all_sessions.v1',
      'auth.grant_role.v1',
      'auth.link_identity.v1',
      'auth.record_session_end.v1',
      'auth.record_session_refresh.v1',
      'auth.record_sign_in.v1',
      'auth.register_external_user.v1',
      'auth.register_user.v1',
      'auth.request_email_verification.v1',
      'auth.request_password_reset.v1',
      'auth.reset_password.v1',
      'auth.revoke_role.v1',
      'auth.revoke_service_client.v1',
      'auth.update_account.v1',
      'auth.verify_email.v1',
      'auth.verify_user.v1',
      'service_client.created.v1',
      'service_client.credentials_set.v1',
      'service_client.revoked.v1',
      'session.refreshed.v1',
      'session.revoked.v1',
      'user.activated.v1',
      'user.authenticated.v1',
      'user.deactivated.v1',
      'user.deleted.v1',
      'user.identity_changed.v1',
      'user.password_changed.v1',
      'user.password_reset_requested.v1',
      'user.registered.v1',
      'user.role_granted.v1',
      'user.role_revoked.v1',
      'user.sessions_ended.v1',
      'user.verification_requested.v1',
      'user.verified.v1',
    ]);
  });

  it('say of every field that names, reaches or identifies a person that it is personal', () => {
    const personal = ['email', 'username', 'firstName', 'lastName', 'phoneNumber', 'subject'];
    for (const type of classes)
      for (const field of declaredFields(type)) {
        const isName = field.property === 'name' && !typeOf(type).name.includes('service_client');
        // In the log, the hash of a password goes with the person.
        const isStored = typeOf(type).name === 'account.credentials_set.v1' && field.property === 'passwordHash';
        const expected = personal.includes(field.property) || isName || isStored;
        expect(`${typeOf(type).name} ${field.property} ${field.personal}`).toBe(
          `${typeOf(type).name} ${field.property} ${expected}`,
        );
      }
  });

  it('say of every hash that proves something that it is secret, and keep it from other contexts', () => {
    for (const type of classes)
      for (const field of declaredFields(type)) {
        const isProof = ['passwordHash', 'secretHash'].includes(field.property);
        expect(`${typeOf(type).name} ${field.property} ${field.secret}`).toBe(
          `${typeOf(type).name} ${field.property} ${isProof}`,
        );
      }
    expect(classes.filter((type) => typeOf(type).private).map((type) => typeOf(type).name)).toEqual(
      expect.arrayContaining(['account.credentials_set.v1', 'service_client.credentials_set.v1']),
    );
  });

  it('are about the user whose id they hold', () => {
    for (const type of classes)
      if (declaredFields(type).some(({ property }) => property === 'userId'))
        expect(typeOf(type)).toMatchObject({ subjectField: 'userId' });
  });
});
