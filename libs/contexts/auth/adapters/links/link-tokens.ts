import { parse, stringify } from 'uuid';

import { Signatures } from '../keys/signatures.js';

export type LinkPurpose = 'password_reset' | 'email_verification';

/** What a link is for: one request of one account, until it expires. */
export interface LinkRequest {
  readonly userId: string;
  readonly requestId: string;
  readonly expiresAt: Date;
}

const idLength = 16;
const timeLength = 6;

/**
 * Makes and reads the tokens of links that are sent by e-mail. Nothing of them is stored: a token says which request it is
 * for and when it expires, signed. Whether the request is still outstanding is decided by the account.
 */
export class LinkTokens {
  readonly #signatures: Readonly<Record<LinkPurpose, Signatures>>;

  /** @param keys `id:secret[,id:secret …]`, the installation's encryption keys */
  constructor(keys: string) {
    this.#signatures = {
      password_reset: new Signatures(keys, 'links to reset a password'),
      email_verification: new Signatures(keys, 'links to verify an e-mail address'),
    };
  }

  /** The same token for the same request, as long as the first key is the same. */
  make(purpose: LinkPurpose, request: LinkRequest): string {
    const said = bytesOf(request);
    return `${said.toString('base64url')}.${this.#signatures[purpose].sign(said).toString('base64url')}`;
  }

  /** Undefined for what is no token of ours for that purpose, and for one that has expired. */
  read(purpose: LinkPurpose, token: string, now: Date): LinkRequest | undefined {
    const [, text, mac] = /^([\w-]{51})\.([\w-]{43})$/.exec(token) ?? [];
    if (text === undefined || mac === undefined) return undefined;
    const said = Buffer.from(text, 'base64url');
    if (said.length !== 2 * idLength + timeLength) return undefined;
    if (!this.#signatures[purpose].verify(Buffer.from(mac, 'base64url'), said)) return undefined;
    const request = requestOf(said);
    return request.expiresAt > now ? request : undefined;
  }
}

function bytesOf({ userId, requestId, expiresAt }: LinkRequest): Buffer {
  const time = Buffer.alloc(timeLength);
  time.writeUIntBE(expiresAt.getTime(), 0, timeLength);
  return Buffer.concat([parse(userId), parse(requestId), time]);
}

const requestOf = (said: Buffer): LinkRequest => ({
  userId: stringify(said, 0),
  requestId: stringify(said, idLength),
  expiresAt: new Date(said.readUIntBE(2 * idLength, timeLength)),
});
