import { createHmac, type KeyObject } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { derivedKey } from '#platform/privacy/sealing.js';

import { ShareTokens } from '../../application/ports.js';
import { sameToken } from './same-token.js';

/** What share tokens are made with. */
export class ShareTokenKey {
  constructor(readonly key: KeyObject) {}

  /** @param encryptionKeys `id:secret[,id:secret …]`, of which the first makes new tokens */
  static of(encryptionKeys: string): ShareTokenKey {
    const [first = ''] = encryptionKeys.split(',');
    return new ShareTokenKey(derivedKey(first.slice(first.indexOf(':') + 1), 'contextflow share tokens'));
  }
}

/** Without those that are taken for one another: I and O, 1 and 0. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 10;

/**
 * Draws tokens from a keyed function instead of a generator: whoever has the key could say which comes next, nobody else
 * can, and a command that is run again draws the same.
 */
@Injectable()
export class KeyedShareTokens extends ShareTokens {
  constructor(private readonly secret: ShareTokenKey) {
    super();
  }

  make(birthingPersonId: string, version: number): string {
    const drawn = createHmac('sha256', this.secret.key).update(`${birthingPersonId} ${version}`).digest();
    // A byte modulo 32 is as even as the byte.
    return Array.from(drawn.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('');
  }

  isSame(given: string, expected: string): boolean {
    return sameToken(given, expected);
  }
}
