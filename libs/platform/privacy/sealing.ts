import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
const prefix = 'sealed:v1:';

/** Whether a stored value looks like a sealed one. Only the keys can tell for sure. */
export const looksSealed = (value: unknown): value is string => typeof value === 'string' && value.startsWith(prefix);

/** Whether any value in a JSON text may look so. */
export const mayHoldSealed = (json: string): boolean => json.includes(`"${prefix}`);

/** What a value was sealed with is not there, or it is no sealed value at all. */
export class CannotOpen extends Error {}

/** Encrypts values with AES-256-GCM (NIST SP 800-38D), each under a nonce of its own. */
export class SealingKey {
  constructor(
    readonly id: string,
    private readonly key: KeyObject,
  ) {}

  /** @param purpose what the value is; it opens for no other */
  seal(value: unknown, purpose: string): string {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, this.key, nonce).setAAD(Buffer.from(purpose));
    const bytes = Buffer.concat([nonce, cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return `${prefix}${this.id}:${Buffer.concat([bytes, cipher.getAuthTag()]).toString('base64url')}`;
  }

  /** @throws CannotOpen */
  open(sealed: string, purpose: string): unknown {
    const bytes = Buffer.from(sealed.slice(sealed.lastIndexOf(':') + 1), 'base64url');
    try {
      const decipher = createDecipheriv(algorithm, this.key, bytes.subarray(0, nonceLength))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(-tagLength));
      const text = decipher.update(bytes.subarray(nonceLength, -tagLength)).toString('utf8');
      return JSON.parse(text + decipher.final('utf8')) as unknown;
    } catch {
      throw new CannotOpen(
        `a sealed ${purpose} cannot be opened with the key ${this.id}: it was changed, or is another's`,
      );
    }
  }
}

/** The id of the key that a value was sealed with. */
export const keyIdOf = (sealed: string): string => sealed.slice(prefix.length, sealed.lastIndexOf(':'));

/** The installation's own keys. The first seals, all open, so that they rotate without a pause. */
export class Sealing {
  readonly #keys: ReadonlyMap<string, SealingKey>;
  readonly #first: SealingKey;

  /** @param keys `id:secret[,id:secret …]` */
  constructor(keys: string) {
    const all = keys.split(',').map((key) => {
      const end = key.indexOf(':');
      return new SealingKey(key.slice(0, end), derivedKey(key.slice(end + 1), 'contextflow sealed values'));
    });
    this.#keys = new Map(all.map((key) => [key.id, key]));
    this.#first = all[0] as SealingKey;
  }

  seal(value: unknown, purpose: string): string {
    return this.#first.seal(value, purpose);
  }

  /** @throws CannotOpen */
  open(sealed: string, purpose: string): unknown {
    const id = keyIdOf(sealed);
    const key = this.#keys.get(id);
    if (!key) throw new CannotOpen(`a sealed ${purpose} needs the key ${id}: add it to the end of ENCRYPTION_KEYS`);
    return key.open(sealed, purpose);
  }
}

/** A key for one use of a secret (HKDF, RFC 5869), so that no use gives another one away. */
export const derivedKey = (secret: string, use: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', use, 32)));
