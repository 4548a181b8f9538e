const day = 86_400_000;

/** Nothing older than the inbox runs. */
export class TooOldToRecognise extends Error {
  constructor(what: string, days: number) {
    super(
      `too_old_to_recognise: ${what} more than ${days} days ago (INBOX_DAYS), so nobody can tell whether it was handled before: find out, then retry or discard it`,
    );
  }
}

/** For how many days outcomes are kept at least. What is older is not run any more, since nobody could tell whether it was. */
export class InboxDays {
  constructor(readonly days: number) {}

  /** Whether the outcome of what was accepted or recorded then may be gone. */
  forgets(moment: Date): boolean {
    return Date.now() - moment.getTime() > this.days * day;
  }
}
