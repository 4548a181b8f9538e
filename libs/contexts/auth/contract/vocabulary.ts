import { derivedId } from '#kernel';

/** Everybody with an account is a `user`; the others are granted. */
export const Roles = ['user', 'analyst', 'admin', 'service'] as const;
export type Role = (typeof Roles)[number];

export const isRole = (text: string): text is Role => (Roles as readonly string[]).includes(text);

/** Who holds which role is decided in one place, which has this id. */
export const rolesId = derivedId('auth.roles');

export const SessionEndings = ['logout', 'logout_all', 'reuse'] as const;
export type SessionEnding = (typeof SessionEndings)[number];

export const PasswordChangeMethods = ['change', 'reset'] as const;
export type PasswordChangeMethod = (typeof PasswordChangeMethods)[number];

/** E-mail addresses are compared, stored and told like this. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

/** The id of the account of somebody who came by an identity provider first. */
export const externalUserId = (provider: string, subject: string): string =>
  derivedId('auth.account', provider, subject);

/** How an account names one identity of a provider. */
export const externalIdentity = (provider: string, subject: string): string => `${provider}:${subject}`;

/**
 * What a change of the password leaves of an account's external identities. Whoever resets it by mail to an address that
 * nobody has proven may be another than who linked them, and would share the account.
 */
export const identitiesAfter = (
  method: PasswordChangeMethod,
  { isVerified, externalIdentities }: { readonly isVerified: boolean; readonly externalIdentities: readonly string[] },
): readonly string[] => (method === 'reset' && !isVerified ? [] : externalIdentities);
