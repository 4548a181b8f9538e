import jwt from 'jsonwebtoken';

import { serviceAccountOf, type ServiceAccountKey } from '#platform/config/service-account.js';

import { ProviderAway } from '../sending/carrier.js';

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const lifetime = 3_600;
/** Seconds before its end from which on a token is not used any more: it has to arrive. */
const spare = 60;

interface Access {
  readonly token: string;
  readonly until: number;
}

/**
 * A Google service account. It signs what it asks an access token with, as RFC 7523 has it:
 * https://developers.google.com/identity/protocols/oauth2/service-account
 */
export class ServiceAccount {
  readonly #key: ServiceAccountKey;
  #access: Promise<Access> | undefined;

  /** @param json the key file's content */
  constructor(json: string) {
    this.#key = serviceAccountOf(json);
  }

  get projectId(): string {
    return this.#key.project_id;
  }

  /**
   * A token that is good for a minute at least: the one of before, as long as it is.
   * @throws ProviderAway
   */
  async token(signal: AbortSignal): Promise<string> {
    const known = await this.#access?.catch(() => undefined);
    if (known && known.until > Date.now()) return known.token;
    this.#access = this.#ask(signal);
    return (await this.#access).token;
  }

  /** The provider does not take the token any more. */
  forget(): void {
    this.#access = undefined;
  }

  async #ask(signal: AbortSignal): Promise<Access> {
    const { client_email: issuer, private_key: key, token_uri: audience } = this.#key;
    const assertion = jwt.sign({ scope }, key, { algorithm: 'RS256', issuer, audience, expiresIn: lifetime });
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    try {
      const response = await fetch(audience, { method: 'POST', body, redirect: 'error', signal });
      const answer = (await response.json()) as { access_token?: unknown; expires_in?: unknown };
      if (response.ok && typeof answer.access_token === 'string')
        return { token: answer.access_token, until: Date.now() + (Number(answer.expires_in) - spare) * 1_000 };
      throw new ProviderAway(`no access token: the provider answered ${response.status}`, true);
    } catch (error) {
      if (error instanceof ProviderAway) throw error;
      throw new ProviderAway(signal.aborted ? 'timeout' : 'the provider could not be reached', true, error);
    }
  }
}
