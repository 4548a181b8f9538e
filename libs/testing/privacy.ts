import { development } from '#platform/config/development.js';
import { Privacy } from '#platform/privacy/privacy.js';
import { Sealing } from '#platform/privacy/sealing.js';
import { SubjectKeys, type KeyStore } from '#platform/privacy/subject-keys.js';

/** Privacy with the keys of development, which are those of a lab's processes too. */
export function privacyOf(database: KeyStore): Privacy {
  const sealing = new Sealing(development.encryptionKeys);
  return new Privacy(sealing, new SubjectKeys(database, sealing));
}

/** What needs no person's key to be read. */
export const keylessPrivacy: Pick<Privacy, 'openText'> = privacyOf({
  query: () => Promise.reject(new Error('only what is sealed with keys of persons needs a database')),
});
