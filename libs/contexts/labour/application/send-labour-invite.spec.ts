import { describe, it } from '@jest/globals';

import { LabourInviteSent, SendLabourInvite } from '../contract/index.js';
import {
  AlreadySubscribed,
  BirthingPersonNotFound,
  InviteLimitReached,
  LabourAlreadyCompleted,
} from '../domain/errors.js';
import { InMemoryAddresses } from '../doubles/in-memory-addresses.js';
import { ada, at, happened, inLabour, labourId, labourScenario, now } from '../doubles/labour-scenario.js';

const email = 'grace@example.org';
const invite = new SendLabourInvite({ birthingPersonId: ada, email });
const sent = new LabourInviteSent({ birthingPersonId: ada, labourId, email });
const ten = Array.from({ length: 10 }, () => sent);
const day = 24 * 60;

describe('Inviting somebody to follow', () => {
  it('is told, with the labour that is under way', () => inLabour().when(invite).then(sent));

  it('is possible before a labour is planned', () =>
    labourScenario()
      .given(happened.registered)
      .when(invite)
      .then(new LabourInviteSent({ birthingPersonId: ada, email })));

  it('is rejected after the labour', () =>
    inLabour()
      .given(...happened.completed)
      .when(invite)
      .thenRejected(LabourAlreadyCompleted));

  it('is rejected if whoever has the address follows already', () =>
    inLabour()
      .when(new SendLabourInvite({ birthingPersonId: ada, email: InMemoryAddresses.known }))
      .thenRejected(AlreadySubscribed));

  it('is rejected for the eleventh time within 24 hours', async () => {
    const begun = labourScenario()
      .at(at(-2 * day))
      .given(happened.registered, ...happened.begun);
    const after = (time: string, invites: readonly object[]) =>
      begun
        .at(time)
        .given(...invites)
        .at(now)
        .when(invite);
    await after(at(-day, 1), ten).thenRejected(InviteLimitReached);
    await after(at(-day), ten).then(sent);
    await after(at(-day, 1), ten.slice(1)).then(sent);
  });

  it('is rejected to whoever has not registered', () =>
    labourScenario().when(invite).thenRejected(BirthingPersonNotFound));
});
