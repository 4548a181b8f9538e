import { argon2Sync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { PasswordHashes } from './password-hashes.js';

const hashes = new PasswordHashes();
const password = 'correct horse battery';

describe('The hash of a password', () => {
  it('is verified by the password, and by no other', async () => {
    const stored = await hashes.hash(password);
    expect(await hashes.verify(password, stored)).toBe(true);
    expect(await hashes.verify(`${password} `, stored)).toBe(false);
    expect(await hashes.verify('', stored)).toBe(false);
  });

  it('is one of argon2id in PHC form, salted, and tells nothing of the password', async () => {
    const [one, other] = [await hashes.hash(password), await hashes.hash(password)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(other).not.toBe(one);
    expect(one).not.toContain(password);
  });

  it('that was made at another cost is verified at that cost', async () => {
    const salt = Buffer.from('a salt of 16 byt');
    const cost = { memory: 8_192, passes: 1, parallelism: 1 };
    const hash = argon2Sync('argon2id', { ...cost, message: password, nonce: salt, tagLength: 32 });
    const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
    expect(await hashes.verify(password, `$argon2id$v=19$m=8192,t=1,p=1$${text(salt)}$${text(hash)}`)).toBe(true);
  });

  it('is the same however the keyboard composed the characters', async () => {
    const stored = await hashes.hash('caf\u00e9 au lait');
    expect(await hashes.verify('cafe\u0301 au lait', stored)).toBe(true);
  });

  it.each([
    undefined,
    null,
    '',
    'correct horse battery',
    '$argon2id$v=19$m=19456,t=2,p=1$$',
    '$2b$12$abcdefghijklmnop',
  ])('is verified by nothing when it is %j', async (stored) => {
    expect(await hashes.verify(password, stored)).toBe(false);
  });

  it('is asked for by so many at a time, and refused to more', async () => {
    const cheap = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const asked = Array.from({ length: 30 }, () => hashes.verify(password, cheap));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(8);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({
        status: 429,
        details: { reason: 'too_many_sign_ins', headers: { 'Retry-After': '1' } },
      });
    expect(await hashes.verify(password, cheap)).toBe(false);
  });
});
