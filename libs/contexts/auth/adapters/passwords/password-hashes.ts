import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

import { tooManySignIns } from '../refusals.js';
import { TooManyWaiting, Turns } from './turns.js';

/** As the OWASP Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const lengths = { salt: 16, hash: 32 } as const;

/** Each takes `cost.memory`: a flood of sign-ins must not take the process's memory, nor all of Node's threads. */
const most = { running: 2, waiting: 20 } as const;

interface Phc {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const derive = promisify(argon2);

/** Hashes passwords with argon2id, as PHC strings. */
export class PasswordHashes {
  readonly #turns = new Turns(most);
  readonly #dummy: Phc = { ...cost, salt: randomBytes(lengths.salt), hash: randomBytes(lengths.hash) };

  /** @throws Problem 429 `too_many_sign_ins` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(lengths.salt);
    return phcOf({ ...cost, salt, hash: await this.#derive(password, { ...cost, salt, hash: this.#dummy.hash }) });
  }

  /**
   * Takes the same time whether the password is wrong or there is none.
   * @param stored a PHC string; undefined where there is none
   * @throws Problem 429 `too_many_sign_ins`
   */
  async verify(password: string, stored: string | null | undefined): Promise<boolean> {
    const expected = stored ? readPhc(stored) : undefined;
    const against = expected ?? this.#dummy;
    const same = timingSafeEqual(await this.#derive(password, against), against.hash);
    return expected !== undefined && same;
  }

  /** Passwords that look alike are alike, however the keyboard composed them. */
  async #derive(password: string, { memory, passes, parallelism, salt, hash }: Phc): Promise<Buffer> {
    const parameters: Argon2Parameters = {
      message: password.normalize('NFKC'),
      nonce: salt,
      memory,
      passes,
      parallelism,
      tagLength: hash.length,
    };
    try {
      return await this.#turns.take(() => derive('argon2id', parameters));
    } catch (error) {
      throw error instanceof TooManyWaiting ? tooManySignIns() : error;
    }
  }
}

/** Base64 without padding, as the PHC string format has it. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const phcOf = ({ memory, passes, parallelism, salt, hash }: Phc): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/;

/** Undefined for what is no hash of ours: nobody's password then. */
function readPhc(text: string): Phc | undefined {
  const found = phc.exec(text);
  if (!found) return undefined;
  const [, memory, passes, parallelism, salt = '', hash = ''] = found;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}
