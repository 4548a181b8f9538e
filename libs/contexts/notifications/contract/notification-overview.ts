/** Asks for somebody's notifications as the last committed commands left them. Whether the asker may know is theirs to find out. */
export abstract class NotificationOverview {
  /** How many `in_app` notifications somebody has not read. */
  abstract unread(userId: string): Promise<number>;
}
