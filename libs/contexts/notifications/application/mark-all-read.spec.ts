import { describe, it } from '@jest/globals';

import { InboxRead, MarkAllRead } from '../contract/index.js';
import { RecipientNotFound } from '../domain/errors.js';
import { known, notificationsScenario, now, userId } from '../doubles/notifications-scenario.js';
import { RecipientRow } from '../read-models/recipient.entity.js';

const readAll = new MarkAllRead({ userId });
const allRead = new InboxRead({ userId, readUntil: now });

describe('Reading all', () => {
  it('tells up to when', () => notificationsScenario().given(known.contact).when(readAll).then(allRead));

  it('is for somebody of whom nothing else is known, too', () =>
    notificationsScenario()
      .when(readAll)
      .thenRow(RecipientRow, userId, { readUntil: new Date(now), email: null }));

  it('changes nothing at the same moment', () => notificationsScenario().given(allRead).when(readAll).thenNothing());

  it('is rejected to whom is forgotten', () =>
    notificationsScenario().given(known.forgotten).when(readAll).thenRejected(RecipientNotFound));
});
