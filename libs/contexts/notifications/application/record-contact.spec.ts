import { describe, it } from '@jest/globals';

import { ContactRecorded, RecordContact } from '../contract/index.js';
import { known, notificationsScenario, phoneNumber, userId } from '../doubles/notifications-scenario.js';
import { RecipientRow } from '../read-models/recipient.entity.js';

const { email, username, name } = known.mailOnly;
const record = new RecordContact({ userId, email, username, name });

describe('What is known of a user', () => {
  it('is recorded', () => notificationsScenario().when(record).then(known.mailOnly));

  it('is there to be asked for', () =>
    notificationsScenario().when(record).thenRow(RecipientRow, userId, { email, phoneNumber: null, preferences: {} }));

  it('stays as it is where nothing else is said', () =>
    notificationsScenario()
      .given(known.contact)
      .when(new RecordContact({ ...record, email: 'new@example.org' }))
      .then(new ContactRecorded({ ...known.contact, email: 'new@example.org', phoneNumber })));

  it('is cleared by null', () =>
    notificationsScenario()
      .given(known.contact)
      .when(new RecordContact({ ...record, phoneNumber: null }))
      .then(new ContactRecorded({ ...known.contact, phoneNumber: undefined })));

  it('leaves alone what the user chose', () =>
    notificationsScenario()
      .given(known.tasksInApp)
      .when(record)
      .thenRow(RecipientRow, userId, { email, preferences: { tasks: ['in_app'] } }));

  it('is not recorded again when it is the same', () =>
    notificationsScenario().given(known.contact).when(record).thenNothing());

  it('is not recorded of somebody who is forgotten', () =>
    notificationsScenario().given(known.contact, known.forgotten).when(record).thenNothing());
});
