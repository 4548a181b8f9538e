import { on, type Class, type Reaction } from '#kernel';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserRegistered,
  UserSessionsEnded,
  UserVerificationRequested,
  UserVerified,
} from '../contract/index.js';

/** All that can happen to an account. */
export const accountEvents: readonly Class<object>[] = [
  UserRegistered,
  AccountCredentialsSet,
  AccountIdentityLinked,
  UserIdentityChanged,
  UserVerificationRequested,
  UserVerified,
  UserPasswordResetRequested,
  UserPasswordChanged,
  UserSessionsEnded,
  UserActivated,
  UserDeactivated,
  UserDeleted,
];

/** Lets a row follow its account's version through all events but these, which it shows. */
export const passedOver = <Row>(...shown: readonly Class<object>[]): Reaction<Row>[] =>
  accountEvents.filter((type) => !shown.includes(type)).map((type) => on(type, (row: Row) => row));
