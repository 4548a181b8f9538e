import { Person, type Body } from './person.js';

/** What somebody is to be told: by which channel, and with which template. */
export type Told = readonly [channel: 'email' | 'sms', template: string];

export interface Reader {
  readonly person: Person;
  readonly expected: readonly Told[];
}

const minute = 60_000;
/** From the start of one contraction to the next, their length in seconds and their intensity. */
const early = { gap: 8, length: 50, intensity: 4 };
/** From here on each is long enough, and each soon enough after the one before. */
const close = { gap: 3, length: 70, intensity: 6 };
const strong = { gap: 3, length: 95, intensity: 9 };
const times = <Kind>(count: number, kind: Kind): readonly Kind[] => Array.from({ length: count }, () => kind);
const course = [...times(4, early), ...times(14, close), ...times(6, strong)];

const byBoth = (template: string): readonly Told[] => [
  ['email', template],
  ['sms', template],
];
const news = ['labour_begun', 'go_to_hospital', 'labour_announcement', 'labour_completed_with_note'];

/**
 * Plays a first labour of some two hours in some seconds: what is noted down says when it was, and all of it is over by now.
 * @param say is told what happens, and when by the clock of the story
 * @returns those who are told of it
 */
export async function playBirth(url: string, say: (at: Date, what: string) => void): Promise<readonly Reader[]> {
  const minutes = course.reduce((sum, { gap }) => sum + gap, 10);
  let clock = Date.now() - minutes * minute;
  const now = (): Date => new Date(clock);

  const [ada, grace, kay] = await Promise.all([
    Person.joining(url, 'Ada Lovelace'),
    Person.joining(url, 'Grace Hopper', { phone_number: '+441632960961' }),
    Person.joining(url, 'Kay McNulty'),
  ]);
  await introduce(ada, grace, kay);
  say(now(), 'Grace (e-mail and SMS) and Kay (e-mail) follow Ada; Grace is her birth partner');

  let labour = await ada.post('/labours/begin', { first_labour: true, start_time: now().toISOString() });
  say(now(), 'Ada’s labour begins');
  for (const [index, { gap, length, intensity }] of course.entries()) {
    clock += gap * minute;
    // Who has a hand free notes it down.
    const [by, active] =
      index % 2 === 0 ? [ada, '/labours/active'] : [grace, `/birthing-persons/${ada.id}/labours/active`];
    const start = clock;
    await by.post(`${active}/contractions`, { start_time: new Date(start).toISOString() });
    const end = { intensity, end_time: new Date(start + length * 1_000).toISOString() };
    const after = await by.put(`${active}/contractions/end`, end);
    say(now(), `${by.firstName} notes contraction ${index + 1}: ${length} s, intensity ${intensity}`);
    for (const change of changes(labour, after)) say(now(), change);
    labour = after;
  }
  clock += 5 * minute;
  await ada.post('/labours/active/updates', {
    type: 'announcement',
    message: 'We are at the hospital, and all is well.',
  });
  say(now(), 'Ada announces that they are at the hospital');
  clock = Date.now();
  await ada.put('/labours/active/complete', { notes: 'It is a girl!' });
  say(now(), 'Ada’s labour is completed');

  return [
    {
      person: ada,
      expected: [
        ['email', 'subscriber_requested'],
        ['email', 'subscriber_requested'],
      ],
    },
    { person: grace, expected: [['email', 'subscriber_approved'], ...news.flatMap(byBoth)] },
    { person: kay, expected: ['subscriber_approved', ...news].map((template): Told => ['email', template]) },
  ];
}

/** Ada can be followed by whoever she says yes to, and the two others are. */
async function introduce(ada: Person, grace: Person, kay: Person): Promise<void> {
  await ada.post('/birthing-persons');
  const methods = new Map([
    [ada, []],
    [grace, ['email', 'sms']],
    [kay, ['email']],
  ]);
  for (const [person, contactMethods] of methods) {
    await person.post('/subscribers', { contact_methods: contactMethods });
    const profile = `/users/${person.id}/profile`;
    await person.sees(`the profile of ${person.name}`, profile, () => true);
    await person.put(profile, { first_name: person.firstName, last_name: person.lastName });
    await person.sees(`the name of ${person.name}`, '/subscribers/me', (me) => me.first_name === person.firstName);
  }
  const { token } = await ada.sees('Ada’s token', '/birthing-persons/me/share-token', (shared) =>
    Boolean(shared.token),
  );
  await ada.put('/birthing-persons/me/share-settings', { approval_required: true });
  for (const person of [grace, kay]) {
    const { id } = await person.post('/subscriptions', { birthing_person_id: ada.id, token });
    await ada.post(`/subscriptions/${String(id)}/approve`);
    if (person === grace) await ada.put(`/subscriptions/${String(id)}/role`, { role: 'birth_partner' });
  }
  await grace.sees(
    'Grace may read the labours of Ada',
    '/subscriptions',
    ({ items }) => (items as Body[]).length === 1,
  );
  await ada.sees(
    'Grace is a birth partner',
    '/birthing-persons/me',
    ({ subscribers }) =>
      (subscribers as Body[]).some(({ role }) => role === 'birth_partner') && (subscribers as Body[]).length === 2,
  );
}

/** What a contraction has changed. */
function changes(before: Body, after: Body): readonly string[] {
  const advised = (labour: Body, advice: string): unknown => (labour.recommendations as Body | undefined)?.[advice];
  const turned = ['prepare_for_hospital', 'go_to_hospital'].filter(
    (advice) => advised(after, advice) === true && advised(before, advice) !== true,
  );
  const phase = before.current_phase === after.current_phase ? [] : [`→ the phase is ${String(after.current_phase)}`];
  return [...phase, ...turned.map((advice) => `→ the advice is ${advice}`)];
}
