/** Who sent the request, in this platform's own words. */
export interface AuthenticatedUser {
  readonly id: string;
  readonly roles: readonly string[];
  /** The session that the access token was issued in; service clients have none. */
  readonly sid?: string;
}

/** What the access token of a request says, once it is verified. */
export interface VerifiedToken extends AuthenticatedUser {
  /** When it was issued and when it ends, in seconds of the Unix epoch. */
  readonly iat: number;
  readonly exp: number;
}

/** Claims of access tokens that the platform fixes. */
export const tokenIssuer = 'contextflow';
export const tokenAudience = 'contextflow-api';
