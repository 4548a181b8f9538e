import { hash } from 'node:crypto';

import { parse } from 'uuid';

import { sameBytes, Signatures } from '../keys/signatures.js';

/** What a token says of itself. Whether that is true, its signature tells once the session's seed is known. */
export interface PresentedToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly signature: Buffer;
}

/** What the tokens of a session are made from. */
export interface TokenSource {
  readonly id: string;
  /** Random, and stored: a token needs both it and the installation's key, so that neither store nor key gives any away. */
  readonly seed: Buffer;
}

const idLength = 16;
const generationLength = 4;
const macLength = 32;
const length = idLength + generationLength + macLength;

/**
 * Refresh tokens: a session's id, which of its tokens it is, and a signature. Since one follows from the other, those who
 * ask for the successor of one token at the same time get the same one; and one that was used long ago is told from one
 * that was never issued.
 */
export class RefreshTokens {
  readonly #signatures: Signatures;

  /** @param keys `id:secret[,id:secret …]`, the installation's encryption keys */
  constructor(keys: string) {
    this.#signatures = new Signatures(keys, 'refresh tokens');
  }

  /** @returns undefined for what is no refresh token */
  read(token: string): PresentedToken | undefined {
    if (!/^[\w-]{70}$/.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== length) return undefined;
    const id = bytes.toString('hex', 0, idLength);
    return {
      sessionId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
      generation: bytes.readUInt32BE(idLength),
      signature: bytes.subarray(idLength + generationLength),
    };
  }

  issue(source: TokenSource, generation: number): string {
    return tokenOf(source, generation, this.#signatures.sign(...parts(source, generation)));
  }

  /** Whether the token was issued in that session. */
  isGenuine({ generation, signature }: PresentedToken, source: TokenSource): boolean {
    return this.#signatures.verify(signature, ...parts(source, generation));
  }

  /**
   * A token that was issued before, whichever key was the first then.
   * @returns undefined when its key is gone
   */
  issued(source: TokenSource, generation: number, tokenHash: Buffer): string | undefined {
    return this.#signatures
      .candidates(...parts(source, generation))
      .map((signature) => tokenOf(source, generation, signature))
      .find((token) => sameBytes(hashOfToken(token), tokenHash));
  }
}

/** What is stored of a token. It has 256 bits that nobody can guess, so a fast hash is enough. */
export const hashOfToken = (token: string): Buffer => hash('sha256', token, 'buffer');

const parts = ({ id, seed }: TokenSource, generation: number): [Buffer, Buffer, string] => [
  Buffer.from(parse(id)),
  seed,
  String(generation),
];

function tokenOf({ id }: TokenSource, generation: number, signature: Buffer): string {
  const number = Buffer.alloc(generationLength);
  number.writeUInt32BE(generation);
  return Buffer.concat([parse(id), number, signature]).toString('base64url');
}
