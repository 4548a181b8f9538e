/** Who somebody is, and where they are reached. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  /** Empty where none was given. */
  readonly name: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phoneNumber: string | null;
}

type Named = Pick<Person, 'username' | 'name' | 'firstName' | 'lastName'>;

/** First and last name, or the one that there is; else what the account is called. */
export const fullName = ({ username, name, firstName, lastName }: Named): string =>
  [firstName, lastName].filter(Boolean).join(' ') || name || username;

/** How somebody is greeted. */
export const firstName = ({ username, name, firstName: given }: Named): string => given || name || username;
