import { send, type Consequence, type PolicyMeta } from '#kernel';

import { notificationIdOf, RequestNotification } from '../contract/index.js';

type Telling = Pick<RequestNotification, 'channel' | 'recipient' | 'link' | 'variables'> & {
  readonly userId: string;
  readonly template: string;
};

/** Has a user told once of an event, by one template and channel; not one whose address is forgotten. */
export function tell(telling: Telling, { eventId }: PolicyMeta): readonly Consequence[] {
  const { userId, channel, recipient, template } = telling;
  if (recipient === '') return [];
  const dedupKey = `${eventId}:${userId}:${channel}:${template}`;
  const notificationId = notificationIdOf(dedupKey);
  return [send(new RequestNotification({ ...telling, notificationId, subjectId: userId, dedupKey }))];
}

/** A time as people write it. */
export const inWords = (time: string): string => `${words.format(new Date(time))} UTC`;

const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
