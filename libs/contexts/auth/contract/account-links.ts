/** Which request of which account a link is for, and until when it is good. */
export interface AccountLink {
  readonly kind: 'password_reset' | 'email_verification';
  readonly userId: string;
  readonly requestId: string;
  readonly expiresAt: Date;
}

/** Makes the links that let in whoever has them, at the moment when they are sent: they are stored nowhere. */
export abstract class AccountLinks {
  /** Its address. The same for the same request, as long as the keys are the same. */
  abstract of(link: AccountLink): string;
}
