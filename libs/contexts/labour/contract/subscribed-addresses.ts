/** Asked before somebody is invited: labour knows who follows, and others know how they are reached. */
export abstract class SubscribedAddresses {
  /**
   * Whether somebody who follows that person has that e-mail address, in capitals or not, as the last committed commands
   * left things.
   */
  abstract include(birthingPersonId: string, email: string): Promise<boolean>;
}
