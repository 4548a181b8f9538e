import { describe, expect, it } from '@jest/globals';

import { InvalidMessage } from '#kernel';

import { checkPassword, faultOf } from './password-rules.js';

const ada = { email: 'ada@example.org', username: 'ada_lovelace' };
const reasonOf = (password: string): string | undefined => faultOf(password, ada)?.reason;

describe('A password that is chosen', () => {
  it.each(['correct horse battery', '        x', '12345678 nine', 'ébène très noire', 'x'.repeat(128), '🐎'.repeat(8)])(
    'may be %j',
    (password) => {
      expect(reasonOf(password)).toBeUndefined();
    },
  );

  it.each([
    ['', 'password_too_short'],
    ['seven77', 'password_too_short'],
    ['🐎'.repeat(7), 'password_too_short'],
    ['x'.repeat(129), 'password_too_long'],
    ['🐎'.repeat(129), 'password_too_long'],
    ['password', 'password_too_common'],
    ['PassWord', 'password_too_common'],
    ['12345678', 'password_too_common'],
    ['qwertyuiop', 'password_too_common'],
    ['ada@example.org', 'password_same_as_identity'],
    ['Ada_Lovelace', 'password_same_as_identity'],
    [' ADA@example.org ', 'password_same_as_identity'],
  ])('is not %j: %s', (password, reason) => {
    expect(reasonOf(password)).toBe(reason);
  });

  it('is refused where it stands in the body, with the reason', () => {
    const check = (): void => checkPassword('/new_password', 'password', ada);
    expect(check).toThrow(InvalidMessage);
    expect(check).toThrow(
      expect.objectContaining({
        reason: 'password_too_common',
        violations: [expect.objectContaining({ pointer: '/new_password' })],
      }),
    );
  });

  it('is never repeated in the refusal', () => {
    for (const password of ['seven77', 'password', 'ada@example.org'])
      expect(faultOf(password, ada)?.message).not.toContain(` ${password}:`);
  });
});
