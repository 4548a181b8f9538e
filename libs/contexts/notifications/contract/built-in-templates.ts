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

/** The same text for whatever reaches a telephone. */
const byTelephone = (name: string, topic: Topic, text: Text): readonly CreateTemplate[] =>
  (['sms', 'whatsapp'] as const).map((channel) => builtIn(name, channel, topic, text));

const username = 'user name of the recipient';

const following = {
  first_name: 'first name of the recipient',
  birthing_person: 'full name of the birthing person',
  link: 'where to follow',
};

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
  builtIn('labour_begun', 'email', 'labour', {
    subject: '{{birthing_person}} is going into labour',
    body: [
      'Hello {{first_name}},',
      '{{birthing_person}} is going into labour! It can be slow at first: there is no need to hurry.',
      'Follow it here: {{link}}',
    ],
    variables: following,
  }),
  ...byTelephone('labour_begun', 'labour', {
    subject: 'Labour has begun',
    body: [
      'Hello {{first_name}}, {{birthing_person}} is going into labour! It can be slow at first. Follow it here: {{link}}',
    ],
    variables: following,
  }),
  builtIn('labour_completed', 'email', 'labour', {
    subject: 'Good news of {{birthing_person}}',
    body: ['Hello {{first_name}},', 'good news: {{birthing_person}} has completed labour!', 'See more here: {{link}}'],
    variables: following,
  }),
  ...byTelephone('labour_completed', 'labour', {
    subject: 'Labour is completed',
    body: ['Good news, {{first_name}}: {{birthing_person}} has completed labour! {{link}}'],
    variables: following,
  }),
  builtIn('labour_completed_with_note', 'email', 'labour', {
    subject: 'Good news of {{birthing_person}}',
    body: [
      'Hello {{first_name}},',
      'good news: {{birthing_person}} has completed labour, and wants you to know:',
      '{{note}}',
      'See more here: {{link}}',
    ],
    variables: { ...following, note: 'what the birthing person says of it' },
  }),
  ...byTelephone('labour_completed_with_note', 'labour', {
    subject: 'Labour is completed',
    body: ['Good news, {{first_name}}: {{birthing_person}} has completed labour! "{{note}}" {{link}}'],
    variables: { ...following, note: 'what the birthing person says of it' },
  }),
  builtIn('go_to_hospital', 'email', 'labour', {
    subject: 'It is time to take {{birthing_person}} to hospital',
    body: ['Hello {{first_name}},', 'it is time to take {{birthing_person}} to hospital.', 'Follow it here: {{link}}'],
    variables: following,
  }),
  ...byTelephone('go_to_hospital', 'labour', {
    subject: 'Time for hospital',
    body: ['Hello {{first_name}}, it is time to take {{birthing_person}} to hospital. {{link}}'],
    variables: following,
  }),
  builtIn('labour_announcement', 'email', 'labour', {
    subject: '{{birthing_person}} has shared a message',
    body: [
      'Hello {{first_name}},',
      '{{birthing_person}} has shared a message:',
      '{{message}}',
      'See more here: {{link}}',
    ],
    variables: { ...following, message: 'the message' },
  }),
  ...byTelephone('labour_announcement', 'labour', {
    subject: 'A message for you',
    body: ['{{birthing_person}} says: {{message}} {{link}}'],
    variables: { ...following, message: 'the message' },
  }),
  builtIn('labour_invite', 'email', 'labour', {
    subject: '{{birthing_person}} wants to share a birth with you',
    body: [
      'Hello,',
      '{{birthing_person}} is expecting a baby, and invites you to follow the birth. Begin here:',
      '{{link}}',
      'You will be told when labour begins, when it is time for hospital, and of the good news. The link is meant for you: please do not pass it on.',
    ],
    variables: { birthing_person: 'full name of who invites', link: 'where to begin, with the token' },
  }),
  builtIn('subscriber_requested', 'email', 'subscriptions', {
    subject: '{{subscriber}} asks to follow you',
    body: ['Hello {{first_name}},', '{{subscriber}} asks to follow you. Decide here:', '{{link}}'],
    variables: {
      first_name: 'first name of the birthing person',
      subscriber: 'full name of who asks',
      link: 'where to decide',
    },
  }),
  builtIn('subscriber_approved', 'email', 'subscriptions', {
    subject: 'You may follow {{birthing_person}}',
    body: [
      'Hello {{first_name}},',
      '{{birthing_person}} has accepted your request: you follow from now on.',
      '{{link}}',
    ],
    variables: following,
  }),
  builtIn('subscriber_invite', 'email', 'subscriptions', {
    subject: '{{recommender}} recommends ContextFlow',
    body: [
      'Hello,',
      '{{recommender}} follows births with ContextFlow, and recommends it to you: whoever expects a baby keeps family and friends up to date with it.',
      'Have a look: {{link}}',
    ],
    variables: { recommender: 'full name of who recommends it', link: 'where the service is' },
  }),
];
