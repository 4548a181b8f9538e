/** Makes the links by which a birthing person is followed, at the moment when they are sent: they are stored nowhere. */
export abstract class ShareLinks {
  /** Its address, with the token that is shared by then; undefined where nobody can follow any more. */
  abstract of(birthingPersonId: string): Promise<string | undefined>;
}
