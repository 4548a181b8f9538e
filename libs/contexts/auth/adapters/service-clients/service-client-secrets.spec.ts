import { describe, expect, it } from '@jest/globals';

import { hasHash, hashOfSecret, ServiceClientSecrets } from './service-client-secrets.js';

const commandId = '0196a1de-0000-7000-8000-000000000001';
const another = '0196a1de-0000-7000-8000-000000000002';
const keys = { old: `old:${'o'.repeat(32)}`, new: `new:${'n'.repeat(32)}` };

describe('The secret of a service client', () => {
  it('is the same for the same command, whoever makes it, and for no other', () => {
    const [one, other] = [new ServiceClientSecrets(keys.old), new ServiceClientSecrets(keys.old)];
    expect(one.issue(commandId)).toMatch(/^[\w-]{43}$/);
    expect(other.issue(commandId)).toBe(one.issue(commandId));
    expect(one.issue(another)).not.toBe(one.issue(commandId));
  });

  it('cannot be made without the key of the installation', () => {
    expect(new ServiceClientSecrets(keys.new).issue(commandId)).not.toBe(
      new ServiceClientSecrets(keys.old).issue(commandId),
    );
  });

  it('is shown again after the keys were rotated, and not when its key is gone', () => {
    const secret = new ServiceClientSecrets(keys.old).issue(commandId);
    const hash = hashOfSecret(secret);
    expect(new ServiceClientSecrets(`${keys.new},${keys.old}`).issued(commandId, hash)).toBe(secret);
    expect(new ServiceClientSecrets(keys.new).issued(commandId, hash)).toBeUndefined();
    expect(new ServiceClientSecrets(keys.old).issued(another, hash)).toBeUndefined();
  });

  it('is known by its hash', () => {
    expect(hasHash('right', hashOfSecret('right'))).toBe(true);
    expect(hasHash('wrong', hashOfSecret('right'))).toBe(false);
    expect(hasHash('', '')).toBe(false);
  });
});
