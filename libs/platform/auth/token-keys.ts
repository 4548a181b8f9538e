import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/** The public half of a key, as others read it (RFC 7517). */
export interface PublishedKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

interface TokenKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly published: PublishedKey;
}

/** The keys of access tokens: the first signs, all verify, so that they rotate without a pause. */
export class TokenKeys {
  readonly #keys: ReadonlyMap<string, TokenKey>;
  readonly signing: { readonly kid: string; readonly privateKey: KeyObject };
  /** What others need to verify our tokens. */
  readonly published: { readonly keys: readonly PublishedKey[] };

  /**
   * @param text a JWK Set of private EC keys on P-256; a `kid` that is left out is the key's thumbprint (RFC 7638)
   * @throws Error that says what is wrong with it
   */
  constructor(text: string) {
    const keys = membersOf(text).map(tokenKey);
    this.#keys = new Map(keys.map((key) => [key.kid, key]));
    if (this.#keys.size < keys.length) throw new Error('two keys have the same kid; give each its own, or none');
    this.signing = keys[0] as TokenKey;
    this.published = { keys: keys.map(({ published }) => published) };
  }

  /** @returns undefined when there is no key of that id */
  verifying(kid: string): KeyObject | undefined {
    return this.#keys.get(kid)?.publicKey;
  }
}

/** @throws Error without what `text` says: it is a secret */
function membersOf(text: string): readonly unknown[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new Error('it is no JSON; set {"keys":[…]}');
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('it holds no keys; set {"keys":[…]}');
  return keys;
}

function tokenKey(member: unknown, at: number): TokenKey {
  const { kty, crv, x, y, d, kid } = (member ?? {}) as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256' || ![x, y, d].every(isCoordinate))
    throw new Error(`key ${at + 1} is no private EC key on P-256 with kty, crv, x, y and d`);
  if (kid !== undefined && (typeof kid !== 'string' || !/^[\w.~-]{1,100}$/.test(kid)))
    throw new Error(`the kid of key ${at + 1} is none of 1 to 100 letters, digits and . _ ~ -`);
  const coordinates = { crv, kty, x: x as string, y: y as string } as const;
  const pair = pairOf({ ...coordinates, d: d as string });
  if (!pair) throw new Error(`x and y of key ${at + 1} do not belong to its d; make another key`);
  const id = kid ?? thumbprint(coordinates);
  return { kid: id, ...pair, published: { ...coordinates, kid: id, use: 'sig', alg: 'ES256' } };
}

const isCoordinate = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{43}$/.test(value);

/** Node takes any point and any number as a pair: only a signature tells whether they are one. */
function pairOf(jwk: Readonly<Record<string, string>>): Pick<TokenKey, 'privateKey' | 'publicKey'> | undefined {
  try {
    const { crv, kty, x, y } = jwk;
    const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    const publicKey = createPublicKey({ key: { crv, kty, x, y }, format: 'jwk' });
    const probe = Buffer.from('probe');
    return verify('sha256', probe, publicKey, sign('sha256', probe, privateKey))
      ? { privateKey, publicKey }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The members in the order that RFC 7638 asks for. */
const thumbprint = ({ crv, kty, x, y }: Pick<PublishedKey, 'crv' | 'kty' | 'x' | 'y'>): string =>
  hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
