import { createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { newId } from '#kernel';

import { es256, ourKeys, ourPrivateKey, ourSignature, type Forgery } from './forged-token.js';

/** A pair of keys on a curve, of somebody else. */
export const pair = (namedCurve: string): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve });
const theirs = pair('P-256');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const ourPublicKey = createPublicKey(ourPrivateKey());
export const [published] = ourKeys.published.keys;

const hmac =
  (algorithm: string, secret: string | Buffer) =>
  (signed: string): Buffer =>
    createHmac(algorithm, secret).update(signed).digest();
const theirSignature = es256(theirs.privateKey);
const theirJwk = theirs.publicKey.export({ format: 'jwk' });

/** Whatever of a public key could be taken for a secret. */
const publicTexts: readonly (string | Buffer)[] = [
  ourPublicKey.export({ type: 'spki', format: 'pem' }),
  ourPublicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
  ourPublicKey.export({ type: 'spki', format: 'der' }),
  JSON.stringify(ourPublicKey.export({ format: 'jwk' })),
  JSON.stringify(published),
  JSON.stringify(ourKeys.published),
  ourKeys.signing.kid,
  '',
];

/** Now, as tokens tell the time. */
export const seconds = (): number => Math.floor(Date.now() / 1000);

/** A header or claims that are not as they must be, under our own signature: nothing else is wrong with the token. */
export const signedByUs: Readonly<Record<string, readonly Forgery[]>> = {
  'no type of an access token': [undefined, null, 'JWT', 'jwt', 'rt+jwt', 'id+jwt', 'at+jwt ', '', ['at+jwt']].map(
    (typ) => ({
      header: { typ },
    }),
  ),
  'no kid, or none of ours': [
    undefined,
    null,
    '',
    0,
    {},
    ['a'],
    [ourKeys.signing.kid],
    `${ourKeys.signing.kid} `,
    '__proto__',
    'constructor',
    '../../../dev/null',
    '/dev/null',
    "' or 1=1 --",
    'http://evil.example/key',
    'x'.repeat(5_000),
    'a\u0000b',
  ].map((kid) => ({ header: { kid } })),
  'parameters that ask for trust or extensions': [
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { crit: [] },
    { crit: 'exp' },
    { jku: 'https://evil.example/jwks.json' },
    { jwk: published },
    { x5u: 'https://evil.example/certificate' },
    { x5c: ['MIIB'] },
    { x5t: 'AAAA' },
    { zip: 'DEF' },
    { enc: 'A256GCM' },
    { cty: 'JWT' },
    { alg: 'es256' },
    { alg: ['ES256'] },
    { alg: null },
  ].map((header) => ({ header })),
  'no expiry in the future': [
    undefined,
    null,
    '',
    '9999999999',
    0,
    -1,
    seconds() - 1,
    seconds() - 86_400,
    {},
    [9_999_999_999],
    true,
  ]
    .map((exp): Forgery => ({ claims: { exp } }))
    .concat({
      payload: JSON.stringify({
        sub: newId(),
        roles: ['user'],
        iat: seconds(),
        iss: 'contextflow',
        aud: 'contextflow-api',
      }).replace('}', ',"exp":1e999}'),
    }),
  'no time of issue': [undefined, null, '1700000000', {}, true].map((iat) => ({ claims: { iat } })),
  'a time before which it is not good': [seconds() + 86_400, 9_999_999_999, '0', null, {}].map((nbf) => ({
    claims: { nbf },
  })),
  'another issuer': [
    undefined,
    null,
    '',
    'Contextflow',
    'contextflow.',
    'https://evil.example',
    ['contextflow'],
    {},
  ].map((iss) => ({ claims: { iss } })),
  'another audience': [
    undefined,
    null,
    '',
    'contextflow',
    'contextflow-api-2',
    [],
    ['other'],
    [['contextflow-api']],
    {},
  ].map((aud) => ({ claims: { aud } })),
  'no subject that is an id': [
    undefined,
    null,
    '',
    'admin',
    1,
    '*',
    [newId()],
    {},
    `${newId()}'`,
    newId().slice(1),
  ].map((sub) => ({ claims: { sub } })),
  'no list of roles': [
    undefined,
    null,
    'admin',
    'user,admin',
    {},
    [1],
    [['admin']],
    [''],
    ['Admin'],
    ['a b'],
    [null],
  ].map((roles) => ({ claims: { roles } })),
  'a session that is no id': [null, '', 1, 'all', [newId()], {}].map((sid) => ({ claims: { sid } })),
  'a payload that is no claims': ['null', '[]', '"text"', '1', '', '{', '\ufeff{}', '{}'].map((payload) => ({
    payload,
  })),
};

/** Signatures that are none, or not ours. */
export const forgedSignatures: Readonly<Record<string, readonly Forgery[]>> = {
  'no signature: alg none in any spelling': [
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    ' none',
    'non\u0435',
    '',
    undefined,
  ].flatMap((alg) => [
    { header: { alg }, signature: undefined },
    { header: { alg }, signature: ourSignature },
    { header: { alg, kid: undefined }, signature: undefined },
  ]),
  'a MAC under the public key': ['HS256', 'HS384', 'HS512'].flatMap((alg) =>
    publicTexts.map((secret) => ({ header: { alg }, signature: hmac(alg.replace('HS', 'sha'), secret) })),
  ),
  'a MAC under the public key that calls itself ES256': publicTexts.map((secret) => ({
    signature: hmac('sha256', secret),
  })),
  'the signature of another key': [
    {},
    { header: { kid: 'theirs' } },
    { header: { jwk: theirJwk } },
    { header: { jwk: theirJwk, kid: 'theirs' } },
    { header: { jwk: theirJwk, kid: undefined } },
    { header: { jku: 'http://127.0.0.1:1/jwks.json', kid: 'theirs' } },
    { header: { x5c: [theirs.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] } },
  ].map((forgery) => ({ ...forgery, signature: theirSignature })),
  'another kind of signature': [
    { header: { alg: 'RS256' }, signature: (text: string) => sign('sha256', Buffer.from(text), rsa.privateKey) },
    { signature: (text: string) => sign('sha256', Buffer.from(text), rsa.privateKey) },
    { header: { alg: 'EdDSA' }, signature: (text: string) => sign(null, Buffer.from(text), ed25519.privateKey) },
    { header: { alg: 'ES384' }, signature: es256(pair('P-384').privateKey) },
    { header: { alg: 'ES512' } },
    { header: { alg: 'PS256' } },
    // ASN.1, as Node signs unless told otherwise.
    { signature: (text: string) => sign('sha256', Buffer.from(text), ourPrivateKey()) },
  ],
  'a signature of nothing': [
    { signature: undefined },
    { signature: () => Buffer.alloc(64) },
    { signature: () => Buffer.alloc(64, 0xff) },
    { signature: () => Buffer.alloc(1) },
    { signature: () => Buffer.from('MAYCAQACAQA=', 'base64') },
    { signature: (text: string) => ourSignature(text).subarray(0, 63) },
    { signature: (text: string) => Buffer.concat([ourSignature(text), Buffer.alloc(1)]) },
    { signature: (text: string) => ourSignature(`${text}.`) },
  ],
};
