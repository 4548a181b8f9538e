import { describe, it } from '@jest/globals';

import { send } from '#kernel';

import { DeleteNotification, NotificationRequested } from '../contract/index.js';
import {
  happened,
  inbox,
  known,
  notificationId,
  notificationsPolicy,
  stranger,
  userId,
} from '../doubles/notifications-scenario.js';

const another = '0196a1de-0000-7000-8000-000000000002';

describe('Somebody who is forgotten', () => {
  it('leaves nothing that was said to them, by whatever channel', () =>
    notificationsPolicy()
      .given(
        inbox.requested,
        inbox.delivered,
        new NotificationRequested({ ...happened.requested, notificationId: another }),
      )
      .on(known.forgotten)
      .then(
        send(new DeleteNotification({ notificationId, userId })),
        send(new DeleteNotification({ notificationId: another, userId })),
      ));

  it('leaves alone what was said to others', () =>
    notificationsPolicy()
      .given(new NotificationRequested({ ...inbox.requested, userId: stranger, subjectId: stranger }))
      .on(known.forgotten)
      .thenNothing());
});
