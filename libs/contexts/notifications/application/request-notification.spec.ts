import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import {
  AdminOnly,
  linkPlaceholder,
  NotificationAlreadyExists,
  NotificationRequested,
  RequestNotification,
  TemplateCreated,
  templateIdOf,
} from '../contract/index.js';
import {
  ContentRequired,
  RecipientInvalid,
  TemplateInactive,
  TemplateNotFound,
  TemplateVariableMissing,
} from '../domain/errors.js';
import {
  email,
  happened,
  inbox,
  known,
  notificationId,
  notificationsScenario,
  now,
  phoneNumber,
  template,
  userId,
} from '../doubles/notifications-scenario.js';
import { NotificationRow } from '../read-models/notification.entity.js';

const variables = { username: 'ada_l', title: 'Pack' };
const byMail = new RequestNotification({
  notificationId,
  subjectId: userId,
  userId,
  channel: 'email',
  template: 'done',
  variables,
});
const inApp = new RequestNotification({ ...byMail, channel: 'in_app' });
const free = new RequestNotification({
  notificationId,
  subjectId: notificationId,
  channel: 'email',
  recipient: 'bob@example.org',
  title: 'Tonight',
  message: 'The service rests.',
  metadata: { campaign: 'spring' },
  dedupKey: 'rest-1',
});

const beginning = () => notificationsScenario().given(known.contact, template.byMail, template.inApp);

describe('Requesting a notification', () => {
  it('says in final words what is to be told, and to whom as it is known', () =>
    beginning().when(byMail).then(happened.requested));

  it('is shown as pending at once', () =>
    beginning().when(byMail).thenRow(NotificationRow, notificationId, {
      userId,
      recipient: email,
      status: 'pending',
      title: 'Well done, ada_l',
      message: 'You have completed “Pack”.',
      version: 1,
    }));

  it('delivers at once what is read in the app', () => beginning().when(inApp).then(inbox.requested, inbox.delivered));

  it('says what is given without a template, to nobody with an account too', () =>
    notificationsScenario()
      .when(free)
      .then(
        new NotificationRequested({
          notificationId,
          subjectId: notificationId,
          channel: 'email',
          recipient: 'bob@example.org',
          topic: 'account',
          title: 'Tonight',
          message: 'The service rests.',
          metadata: { campaign: 'spring' },
          dedupKey: 'rest-1',
        }),
      ));

  it('goes to the recipient that is given, rather than to the one that is known', () =>
    beginning()
      .when(new RequestNotification({ ...byMail, recipient: 'new@example.org' }))
      .then(new NotificationRequested({ ...happened.requested, recipient: 'new@example.org' })));

  it('keeps the place of a link that gives access, and never the link', () => {
    const link = { kind: 'password_reset', request_id: userId, expires_at: now } as const;
    const reset = new TemplateCreated({
      ...template.byMail,
      templateId: templateIdOf('reset', 'email'),
      name: 'reset',
      topic: 'account',
      body: 'By this: {{link}}',
    });
    const wanted = new RequestNotification({ ...byMail, template: 'reset', variables: { username: 'ada_l' }, link });
    return notificationsScenario()
      .given(known.contact, reset)
      .when(wanted)
      .then(
        new NotificationRequested({
          ...happened.requested,
          template: 'reset',
          topic: 'account',
          message: `By this: ${linkPlaceholder(notificationId)}`,
          link,
        }),
      );
  });

  it('says nothing by a channel that the user does not want for the topic, and tells so', () =>
    beginning().given(known.tasksInApp).when(byMail).then(happened.suppressed));

  it('says it by the channels that are left', () =>
    beginning().given(known.tasksInApp).when(inApp).then(inbox.requested, inbox.delivered));

  it('says what concerns the account whatever the user wants', () =>
    beginning()
      .given(known.tasksInApp)
      .when(new RequestNotification({ ...byMail, topic: 'account' }))
      .then(new NotificationRequested({ ...happened.requested, topic: 'account' })));

  it('is shown to nobody but administrators when it is suppressed', () =>
    beginning()
      .given(known.tasksInApp)
      .when(byMail)
      .thenRow(NotificationRow, notificationId, { status: 'suppressed' }));

  it.each([
    ['a user of whom nothing is known', new RequestNotification({ ...byMail, userId: notificationId })],
    ['a list of addresses', new RequestNotification({ ...byMail, recipient: 'a@example.org,b@example.org' })],
    ['an address with a name', new RequestNotification({ ...byMail, recipient: 'Ada <ada@example.org>' })],
    ['a telephone in place of an address', new RequestNotification({ ...byMail, recipient: phoneNumber })],
    ['another inbox', new RequestNotification({ ...inApp, recipient: notificationId })],
    ['nobody', new RequestNotification({ ...free, recipient: undefined })],
  ])('is rejected to %s', (_, command) => beginning().when(command).thenRejected(RecipientInvalid));

  it('is rejected to somebody whose account is deleted', () =>
    beginning().given(known.forgotten).when(byMail).thenRejected(RecipientInvalid));

  it('is rejected without a template of that name and channel', () =>
    notificationsScenario().given(known.contact, template.inApp).when(byMail).thenRejected(TemplateNotFound));

  it('is rejected by a template that is not active', () =>
    beginning().given(template.deactivated).when(byMail).thenRejected(TemplateInactive));

  it('is rejected without a value for each variable', () =>
    beginning()
      .when(new RequestNotification({ ...byMail, variables: { title: 'Pack' } }))
      .thenRejected(TemplateVariableMissing));

  it.each([
    ['words of its own beside a template', new RequestNotification({ ...byMail, message: 'And more.' })],
    ['a title alone', new RequestNotification({ ...free, message: undefined })],
    ['nothing to say', new RequestNotification({ ...free, title: undefined, message: undefined })],
  ])('is rejected with %s', (_, command) => beginning().when(command).thenRejected(ContentRequired));

  it('is rejected when something was said under that key', () =>
    notificationsScenario().violating('notifications_dedup_key').when(free).thenRejected(NotificationAlreadyExists));

  it('is rejected under that key also when what was said has been deleted', () =>
    beginning().given(happened.requested, happened.deleted).when(free).thenRejected(NotificationAlreadyExists));

  it('happens once under an id', () => beginning().given(happened.requested).when(byMail).thenRejected(AlreadyExists));

  it('is for administrators and the system’s own policies', async () => {
    await beginning().by(userId, 'user', 'analyst').when(byMail).thenRejected(AdminOnly);
    await beginning().by('system:notifications.welcome', 'system').when(byMail).then(happened.requested);
  });
});
