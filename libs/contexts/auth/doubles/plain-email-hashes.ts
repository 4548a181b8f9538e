import { EmailHashes } from '../application/ports.js';

/** Hides nothing, so that a story can tell what was hashed. */
export class PlainEmailHashes extends EmailHashes {
  of(email: string): string {
    return `hash of ${email}`;
  }
}
