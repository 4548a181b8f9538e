import { describe, it } from '@jest/globals';

import { SendSubscriberInvite, SubscriberInviteSent } from '../contract/index.js';
import { InviteLimitReached, SubscriberNotFound } from '../domain/errors.js';
import { grace, known, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';

const email = 'kay@example.org';
const invite = new SendSubscriberInvite({ subscriberId: grace, email });
const sent = new SubscriberInviteSent({ subscriberId: grace, email });
const several = (count: number): readonly SubscriberInviteSent[] => Array.from({ length: count }, () => sent);

describe('Recommending the service', () => {
  it('needs no registration as a subscriber', () => subscriptionsScenario().given(known.grace).when(invite).then(sent));

  it('is done ten times within a day, and no more', async () => {
    const past = subscriptionsScenario().at('2026-03-01T10:00:00Z').given(known.grace);
    await past
      .given(...several(9))
      .at('2026-03-02T09:59:59Z')
      .when(invite)
      .then(sent);
    await past
      .given(...several(10))
      .at('2026-03-02T09:59:59Z')
      .when(invite)
      .thenRejected(InviteLimitReached);
  });

  it('is possible again a day after the first of ten', () =>
    subscriptionsScenario()
      .at('2026-03-01T10:00:00Z')
      .given(known.grace, sent)
      .at('2026-03-01T20:00:00Z')
      .given(...several(9))
      .at('2026-03-02T10:00:00Z')
      .when(invite)
      .then(sent));

  it('is rejected to whom nobody knows, or not any more', async () => {
    await subscriptionsScenario().when(invite).thenRejected(SubscriberNotFound);
    await subscriptionsScenario().given(known.graceForgotten).when(invite).thenRejected(SubscriberNotFound);
  });
});
