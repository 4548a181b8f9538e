/** Who sent the request, in this platform's own words. */
export interface AuthenticatedUser {
  readonly id: string;
  readonly roles: readonly string[];
}

/** Claims of access tokens that the platform fixes. */
export const tokenIssuer = 'contextflow';
export const tokenAudience = 'contextflow-api';
