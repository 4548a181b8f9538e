import { describe, it } from '@jest/globals';

import { EditLabourUpdate, LabourUpdateEdited } from '../contract/index.js';
import {
  AnnouncementImmutable,
  AnnouncementTooSoon,
  GeneratedMessageImmutable,
  LabourNotFound,
  LabourUpdateNotFound,
  NothingToUpdate,
} from '../domain/errors.js';
import {
  ada,
  at,
  followedBy,
  grace,
  happened,
  inLabour,
  labourId,
  labourUpdateId,
  noteOfBeginning,
  now,
  posted,
  stranger,
} from '../doubles/labour-scenario.js';

const edit = (more: Partial<EditLabourUpdate>) =>
  new EditLabourUpdate({ birthingPersonId: ada, userId: ada, labourUpdateId, ...more });
const edited = (more: Partial<LabourUpdateEdited>) =>
  new LabourUpdateEdited({
    labourId,
    birthingPersonId: ada,
    labourUpdateId,
    type: 'status_update',
    message: 'We are on our way',
    editedAt: now,
    applicationGenerated: false,
    changed: [],
    ...more,
  });
const withStatus = inLabour().given(posted('status_update'));
const generated = { labourUpdateId: noteOfBeginning().labourUpdateId };

describe('Editing an update', () => {
  it('tells all of it, and what has changed', async () => {
    await withStatus
      .when(edit({ message: 'We have arrived' }))
      .then(edited({ message: 'We have arrived', changed: ['message'] }));
    await withStatus.when(edit({ type: 'private_note' })).then(edited({ type: 'private_note', changed: ['type'] }));
  });

  it('may make an announcement of it', () =>
    withStatus.when(edit({ type: 'announcement' })).then(edited({ type: 'announcement', changed: ['type'] })));

  it('changes nothing when it says the same as before', () =>
    withStatus.when(edit({ type: 'status_update' })).thenNothing());

  it('needs something to change', () => withStatus.when(edit({})).thenRejected(NothingToUpdate));

  it('is rejected for announcements', () =>
    inLabour()
      .given(posted('announcement'))
      .when(edit({ message: 'We have arrived' }))
      .thenRejected(AnnouncementImmutable));

  it('changes the type of what the service wrote, and not its message', async () => {
    await inLabour()
      .when(edit({ ...generated, message: 'It has begun!' }))
      .thenRejected(GeneratedMessageImmutable);
    await inLabour()
      .when(edit({ ...generated, type: 'announcement' }))
      .then(
        edited({
          ...generated,
          type: 'announcement',
          message: 'Labour has begun',
          applicationGenerated: true,
          changed: ['type'],
        }),
      );
  });

  it('keeps announcements ten seconds apart', async () => {
    const other = { ...posted('announcement'), labourUpdateId: '0196a1de-0000-7000-8000-0000000000f2' };
    const announced = (sentTime: string) =>
      withStatus.given(Object.assign(posted('announcement'), { ...other, sentTime }));
    await announced(at(0, -9))
      .when(edit({ type: 'announcement' }))
      .thenRejected(AnnouncementTooSoon);
    await announced(at(0, -10))
      .when(edit({ type: 'announcement' }))
      .then(edited({ type: 'announcement', changed: ['type'] }));
  });

  it('is possible for birth partners only, besides the birthing person', async () => {
    await withStatus
      .given(followedBy(grace, 'birth_partner'))
      .when(edit({ userId: grace, type: 'private_note' }))
      .then(edited({ type: 'private_note', changed: ['type'] }));
    await withStatus.when(edit({ userId: stranger, type: 'private_note' })).thenRejected(LabourNotFound);
  });

  it('is rejected where there is none, and after the labour', async () => {
    await inLabour()
      .when(edit({ message: 'x' }))
      .thenRejected(LabourUpdateNotFound);
    await withStatus
      .given(...happened.completed)
      .when(edit({ message: 'x' }))
      .thenRejected(LabourUpdateNotFound);
  });
});
