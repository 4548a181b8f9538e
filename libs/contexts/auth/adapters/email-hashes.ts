import { createHmac, type KeyObject } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { derivedKey } from '#platform/privacy/sealing.js';

import { EmailHashes } from '../application/ports.js';

/** What e-mail addresses are hashed with. */
export class EmailHashKey {
  constructor(readonly key: KeyObject) {}

  /**
   * Of the last of the installation's keys: it stays while others come before it, so hashes of one address stay equal.
   * @param encryptionKeys `id:secret[,id:secret …]`
   */
  static of(encryptionKeys: string): EmailHashKey {
    const last = encryptionKeys.slice(encryptionKeys.lastIndexOf(',') + 1);
    return new EmailHashKey(derivedKey(last.slice(last.indexOf(':') + 1), 'contextflow hashes of e-mail addresses'));
  }
}

/** HMAC-SHA-256, in hexadecimal digits. */
@Injectable()
export class HmacEmailHashes extends EmailHashes {
  constructor(private readonly secret: EmailHashKey) {
    super();
  }

  of(email: string): string {
    return createHmac('sha256', this.secret.key).update(email).digest('hex');
  }
}
