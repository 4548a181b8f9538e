import { isEmail } from 'class-validator';

import { Channels, type Channel, type ChannelChoice, type Topic } from '../contract/index.js';
import { RecipientInvalid } from './errors.js';

/** What is known of a user to whom something may be said. */
export interface Contact {
  readonly email: string | undefined;
  readonly phoneNumber: string | undefined;
  /** Topics that are left out are heard of by all channels. */
  readonly preferences: ChannelChoice;
  /** The account is deleted: nothing is said to them any more. */
  readonly isForgotten: boolean;
}

/** Whether somebody who chose so hears of a topic by a channel. */
export const allows = (choice: ChannelChoice, topic: Topic, channel: Channel): boolean =>
  topic === 'account' || (choice[topic] ?? Channels).includes(channel);

interface Wanted {
  readonly channel: Channel;
  readonly userId: string | undefined;
  /** Undefined: as it is known of the user. */
  readonly recipient: string | undefined;
}

/**
 * Where a message goes: one address, one number, or one user.
 * @throws RecipientInvalid
 */
export function destination({ channel, userId, recipient }: Wanted, contact: Contact | undefined): string {
  if (contact?.isForgotten) throw new RecipientInvalid('the account of the user is deleted: nothing is said to them');
  const to = recipient ?? known(channel, userId, contact);
  if (to === undefined)
    throw new RecipientInvalid(
      userId === undefined
        ? `say to whom: give a recipient or a user_id`
        : `nothing is known of where the user gets ${channel}`,
    );
  if (!fits(channel, to, userId)) throw new RecipientInvalid(`the recipient is no ${wanted[channel]}`);
  return to;
}

const wanted: Readonly<Record<Channel, string>> = {
  email: 'single e-mail address',
  sms: 'phone number, written + and 1 to 15 digits',
  whatsapp: 'phone number, written + and 1 to 15 digits',
  push: 'registration token of a device',
  in_app: 'id of the user whose notification it is',
};

const known = (channel: Channel, userId: string | undefined, contact: Contact | undefined): string | undefined =>
  ({
    email: contact?.email,
    sms: contact?.phoneNumber,
    whatsapp: contact?.phoneNumber,
    push: undefined,
    in_app: userId,
  })[channel];

const isByTelephone = (channel: Channel): boolean => channel === 'sms' || channel === 'whatsapp';

function fits(channel: Channel, recipient: string, userId: string | undefined): boolean {
  if (channel === 'email') return recipient.length <= 254 && !recipient.includes('"') && isEmail(recipient);
  if (isByTelephone(channel)) return /^\+[0-9]{1,15}$/.test(recipient);
  if (channel === 'push') return /^[\w:.-]{16,254}$/.test(recipient);
  return userId !== undefined && recipient.toLowerCase() === userId;
}

/** As it may stand where not everybody should read it. */
export function masked(channel: Channel, recipient: string): string {
  if (channel === 'email') return `${recipient.slice(0, 1)}•••${recipient.slice(recipient.lastIndexOf('@'))}`;
  if (channel === 'push') return `•••${recipient.slice(-4)}`;
  return isByTelephone(channel) ? `${recipient.slice(0, 3)}•••${recipient.slice(-2)}` : recipient;
}
