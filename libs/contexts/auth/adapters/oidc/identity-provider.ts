/** Somebody as an identity provider knows them, in our own words: nothing of a provider's goes further than this. */
export interface ExternalIdentity {
  /** The provider's name with us. */
  readonly provider: string;
  /** Who it is, to the provider: never changes, unlike the e-mail address. */
  readonly subject: string;
  /** In lower case. */
  readonly email: string;
  /** The provider vouches that the address is theirs. */
  readonly emailVerified: boolean;
  readonly name?: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

/** What one attempt to sign in is recognised by when the browser comes back. Each is random, and good once. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636): its hash goes ahead with the browser, and the code is good for nobody without it. */
  readonly codeVerifier: string;
}

/** What the browser brings back from the provider. */
export interface ProviderAnswer {
  readonly code: string;
  /** RFC 9207: who gave the code, where the provider says so. */
  readonly issuer?: string;
}

/** Somebody else who tells us who a person is. */
export abstract class IdentityProvider {
  /** What accounts and events call it. */
  abstract readonly name: string;

  /**
   * Where a browser is sent to sign in.
   * @throws Problem 503 `provider_not_configured`, `provider_unavailable`
   */
  abstract authorizationUrl(attempt: SignInAttempt): Promise<URL>;

  /**
   * Who has signed in.
   * @throws OAuthExchangeFailed when the provider does not confirm the answer as one to this attempt
   * @throws OAuthProfileIncomplete when it tells too little of the person
   * @throws Problem 503 `provider_not_configured`, `provider_unavailable`
   */
  abstract exchange(answer: ProviderAnswer, attempt: SignInAttempt): Promise<ExternalIdentity>;
}
