import { fold, on, projection } from '#kernel';

import { ContactForgotten, ContactRecorded, InboxRead, PreferencesUpdated } from '../contract/index.js';
import { RecipientRow } from './recipient.entity.js';

const unknown = {
  email: null,
  username: null,
  name: null,
  firstName: null,
  lastName: null,
  phoneNumber: null,
  preferences: {},
  readUntil: null,
  isForgotten: false,
};

export const recipients = projection('notifications.recipients', RecipientRow, {
  inline: true,
  fold: fold(
    on(ContactRecorded, (row, { userId, email, username, name, firstName, lastName, phoneNumber }) => ({
      ...unknown,
      ...row,
      id: userId,
      email,
      username,
      name,
      firstName: firstName ?? null,
      lastName: lastName ?? null,
      phoneNumber: phoneNumber ?? null,
    })),
    on(PreferencesUpdated, (row, { userId, topics }) => ({ ...unknown, ...row, id: userId, preferences: topics })),
    on(InboxRead, (row, { userId, readUntil }) => ({
      ...unknown,
      ...row,
      id: userId,
      readUntil: new Date(readUntil),
    })),
    on(ContactForgotten, (_, { userId }) => ({ ...unknown, id: userId, isForgotten: true })),
  ),
});
