import { describe, it } from '@jest/globals';

import { PostLabourUpdate, type LabourUpdateType } from '../contract/index.js';
import { AnnouncementTooSoon, LabourNotFound, NoActiveLabour } from '../domain/errors.js';
import {
  ada,
  at,
  followedBy,
  grace,
  happened,
  inLabour,
  labourScenario,
  labourUpdateId,
  now,
  posted,
  stranger,
} from '../doubles/labour-scenario.js';

const post = (type: LabourUpdateType, userId = ada) =>
  new PostLabourUpdate({ birthingPersonId: ada, userId, labourUpdateId, type, message: 'We are on our way' });

describe('Posting an update', () => {
  it.each(['announcement', 'status_update', 'private_note'] as const)('is told: %s', (type) =>
    inLabour()
      .when(post(type))
      .then(posted(type, { sentTime: now })),
  );

  it('is possible while the labour is planned', () =>
    labourScenario()
      .given(happened.registered, happened.planned)
      .when(post('status_update'))
      .then(posted('status_update', { sentTime: now })));

  it('is possible for birth partners only, besides the birthing person', async () => {
    await inLabour()
      .given(followedBy(grace, 'birth_partner'))
      .when(post('private_note', grace))
      .then(posted('private_note', { sentTime: now }));
    await inLabour().when(post('private_note', stranger)).thenRejected(LabourNotFound);
  });

  it('keeps announcements ten seconds apart, and nothing else', async () => {
    const announced = (sentTime: string) => inLabour().given(posted('announcement', { sentTime }));
    await announced(at(0, -9.999)).when(post('announcement')).thenRejected(AnnouncementTooSoon);
    await announced(at(0, -10))
      .when(post('announcement'))
      .then(posted('announcement', { sentTime: now }));
    await announced(at(0, -1))
      .when(post('status_update'))
      .then(posted('status_update', { sentTime: now }));
  });

  it('is rejected without a labour', async () => {
    await labourScenario().given(happened.registered).when(post('announcement')).thenRejected(NoActiveLabour);
    await inLabour()
      .given(...happened.completed)
      .when(post('announcement'))
      .thenRejected(NoActiveLabour);
  });
});
