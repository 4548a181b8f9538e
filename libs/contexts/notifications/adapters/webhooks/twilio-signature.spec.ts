import { describe, expect, it } from '@jest/globals';

import { isSignedByTwilio } from './twilio-signature.js';
import { TwilioSignatures } from './twilio-signatures.js';

const token = '12345';
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const call = (caller: string): readonly (readonly [string, string])[] => [
  ['To', '+18005551212'],
  ['Digits', '1234'],
  ['CallSid', 'CA1234567890ABCDE'],
  ['From', caller],
  ['Caller', caller],
];
const fields = call('+14158675309');
const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';

describe('The signature of Twilio', () => {
  it.each([
    ['+14158675309', signature],
    ['+14158675310', 'GvWf1cFY/Q7PnoempGyD5oXAezc='],
  ])('is the one of its documentation, for a call of %s', (caller, signed) => {
    expect(isSignedByTwilio(signed, { url, fields: call(caller), token })).toBe(true);
  });

  it.each([
    ['another address', { url: 'https://mycompany.com/myapp.php?foo=1&bar=3', fields, token }],
    ['another field', { url, fields: [...fields, ['SmsStatus', 'delivered'] as const], token }],
    ['a field less', { url, fields: fields.slice(1), token }],
    ['another value', { url, fields: call('+14158675308'), token }],
    ['another token', { url, fields, token: '12346' }],
    ['no token', { url, fields, token: '' }],
  ])('is wrong for %s', (_, said) => {
    expect(isSignedByTwilio(signature, said)).toBe(false);
  });

  it.each(['', 'x', '=', `${signature}AAAA`, signature.slice(0, 20), signature.toLowerCase()])('is not %j', (other) => {
    expect(isSignedByTwilio(other, { url, fields, token })).toBe(false);
  });
});

describe('The signatures of an installation', () => {
  it('are over its public address and the path that was asked for', () => {
    const signatures = new TwilioSignatures(token, 'https://mycompany.com');
    const form = Object.fromEntries(fields);
    expect(signatures.verify('/myapp.php?foo=1&bar=2', form, signature)).toBe(true);
    expect(signatures.verify('/myapp.php?foo=1', form, signature)).toBe(false);
    expect(signatures.verify('/myapp.php?foo=1&bar=2', form, undefined)).toBe(false);
  });
});
