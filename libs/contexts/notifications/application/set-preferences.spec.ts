import { describe, it } from '@jest/globals';

import { Channels, PreferencesUpdated, SetPreferences } from '../contract/index.js';
import { AccountTopicRequired, RecipientNotFound } from '../domain/errors.js';
import { known, notificationsScenario, userId } from '../doubles/notifications-scenario.js';
import { RecipientRow } from '../read-models/recipient.entity.js';

const choose = (topics: SetPreferences['topics']) => new SetPreferences({ userId, topics });

describe('Choosing channels', () => {
  it('tells which are left for which topic', () =>
    notificationsScenario()
      .given(known.contact)
      .when(choose({ labour: ['in_app', 'sms'], tasks: [] }))
      .then(new PreferencesUpdated({ userId, topics: { tasks: [], labour: ['sms', 'in_app'] } })));

  it('holds at once', () =>
    notificationsScenario()
      .given(known.contact)
      .when(choose({ tasks: ['in_app'] }))
      .thenRow(RecipientRow, userId, { preferences: { tasks: ['in_app'] }, email: 'ada@example.org' }));

  it('names only what is not heard of by all channels', () =>
    notificationsScenario()
      .given(known.tasksInApp)
      .when(choose({ tasks: [...Channels], account: [...Channels] }))
      .then(new PreferencesUpdated({ userId, topics: {} })));

  it('changes nothing when it is the same as before', () =>
    notificationsScenario()
      .given(known.tasksInApp)
      .when(choose({ tasks: ['in_app'] }))
      .thenNothing());

  it('leaves on what concerns the account', () =>
    notificationsScenario()
      .when(choose({ account: ['email', 'in_app'] }))
      .thenRejected(AccountTopicRequired));

  it('is rejected to whom is forgotten', () =>
    notificationsScenario()
      .given(known.forgotten)
      .when(choose({ tasks: [] }))
      .thenRejected(RecipientNotFound));
});
