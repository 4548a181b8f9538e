import { describe, it } from '@jest/globals';

import { ForgetRecipient } from '../contract/index.js';
import { known, notificationsScenario, userId } from '../doubles/notifications-scenario.js';
import { RecipientRow } from '../read-models/recipient.entity.js';

const forget = new ForgetRecipient({ userId });

describe('Forgetting somebody', () => {
  it('is told', () => notificationsScenario().given(known.contact).when(forget).then(known.forgotten));

  it('leaves nothing of them but that they are gone', () =>
    notificationsScenario().given(known.contact, known.tasksInApp).when(forget).thenRow(RecipientRow, userId, {
      email: null,
      username: null,
      name: null,
      phoneNumber: null,
      isForgotten: true,
    }));

  it('is for those of whom nothing is known, too', () => notificationsScenario().when(forget).then(known.forgotten));

  it('happens once', () => notificationsScenario().given(known.contact, known.forgotten).when(forget).thenNothing());
});
