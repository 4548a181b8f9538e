import { notificationIdOf, RequestNotification, type SecretLink } from '#contexts/notifications/contract/index.js';
import { send, type Consequence, type PolicyMeta } from '#kernel';

import type { ContactMethod } from '../contract/index.js';
import type { Person } from '../domain/person.js';
import type { Follower, Following } from './ports.js';

type Variables = Readonly<Record<string, string>>;

const destination = ({ email, phoneNumber }: Person, method: ContactMethod): string | undefined =>
  ({ email: email || undefined, sms: phoneNumber ?? undefined, whatsapp: phoneNumber ?? undefined })[method];

/** Has somebody told once of an event, by one template and channel; not where nothing is known of where that goes to. */
export function tell(
  person: Person,
  channel: ContactMethod,
  template: string,
  variables: Variables,
  { eventId }: PolicyMeta,
): readonly Consequence[] {
  const recipient = destination(person, channel);
  if (recipient === undefined) return [];
  const { id: userId } = person;
  const dedupKey = `${eventId}:${userId}:${channel}:${template}`;
  const notificationId = notificationIdOf(dedupKey);
  const telling = { userId, subjectId: userId, channel, recipient, template, variables, dedupKey };
  return [send(new RequestNotification({ ...telling, notificationId }))];
}

/** Has everybody told who follows, by each of the ways that they want. */
export const tellFollowers = (
  { followers }: Following,
  template: string,
  variables: (follower: Follower) => Variables,
  meta: PolicyMeta,
): readonly Consequence[] =>
  followers.flatMap((follower) =>
    follower.contactMethods.flatMap((method) => tell(follower, method, template, variables(follower), meta)),
  );

interface Invite {
  /** Whom the message names, and who gave the address: with their account both are forgotten. */
  readonly inviterId: string;
  readonly recipient: string;
  readonly template: string;
  readonly variables: Variables;
  readonly link?: SecretLink;
}

/** Has an address told of an event, of whose owner nothing is known. An event invites one. */
export function invite({ inviterId, ...invited }: Invite, { eventId }: PolicyMeta): Consequence {
  const dedupKey = `${eventId}:invited:email:${invited.template}`;
  const notificationId = notificationIdOf(dedupKey);
  return send(
    new RequestNotification({ ...invited, notificationId, subjectId: inviterId, channel: 'email', dedupKey }),
  );
}
