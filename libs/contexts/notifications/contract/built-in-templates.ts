import { CreateTemplate } from './template-commands.js';
import { templateIdOf, type Channel, type Topic } from './vocabulary.js';

type Text = Pick<CreateTemplate, 'subject' | 'variables'> & { readonly body: readonly string[] };

const builtIn = (name: string, channel: Channel, topic: Topic, { subject, body, variables }: Text): CreateTemplate =>
  new CreateTemplate({
    templateId: templateIdOf(name, channel),
    name,
    channel,
    topic,
    subject,
    body: body.join('\n\n'),
    variables,
  });

const username = 'user name of the recipient';

/** What the system says by itself. Their ids are fixed, so that making them again changes nothing. */
export const builtInTemplates: readonly CreateTemplate[] = [
  builtIn('welcome', 'email', 'account', {
    subject: 'Welcome, {{username}}',
    body: ['Hello {{username}},', 'welcome to ContextFlow. Your account is ready: you can sign in from now on.'],
    variables: { username },
  }),
  builtIn('email_verification', 'email', 'account', {
    subject: 'Is this your e-mail address?',
    body: [
      'Hello {{username}},',
      'please show that this e-mail address is yours, by this link:',
      '{{link}}',
      'It is good once, until {{expires_at}}. If you have not asked for it, there is nothing to do.',
    ],
    variables: { username, link: 'the link', expires_at: 'until when it is good, in words' },
  }),
  builtIn('password_reset', 'email', 'account', {
    subject: 'Choose a new password',
    body: [
      'Hello {{username}},',
      'somebody, probably you, wants a new password for your account. Choose it by this link:',
      '{{link}}',
      'It is good once, until {{expires_at}}. If it was not you, there is nothing to do: the password stays as it is.',
    ],
    variables: { username, link: 'the link', expires_at: 'until when it is good, in words' },
  }),
  builtIn('password_changed', 'email', 'account', {
    subject: 'Your password was changed',
    body: [
      'Hello {{username}},',
      'the password of your account was changed on {{changed_at}}, and you are signed out elsewhere.',
      'If it was not you, ask for a new password at once.',
    ],
    variables: { username, changed_at: 'when that was, in words' },
  }),
  builtIn('task_completed', 'in_app', 'tasks', {
    subject: 'Well done!',
    body: ['You have completed “{{title}}”. Congratulations!'],
    variables: { title: 'title of the task' },
  }),
  builtIn('task_due', 'in_app', 'tasks', {
    subject: 'A task is due soon',
    body: ['“{{title}}” is due on {{due}}.'],
    variables: { title: 'title of the task', due: 'when it is due, in words' },
  }),
];
