import { parseArgs } from 'node:util';

import { NotDone, type Body, type Person } from './person.js';
import { playBirth, type Told } from './story.js';

const HELP = `Plays a birth that two people follow, and prints what each was told.

  node dist/examples/birth-story/main.js [--url http://127.0.0.1:8000/api/v1]

The system must have been seeded. Ends with 0 if everybody was told what concerns them, once and in order, 1 if not,
2 if the story could not be played.`;

const width = 110;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8000/api/v1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  console.log('What happens, by the clock of the story (UTC)\n');
  const readers = await playBirth(values.url, (at, what) =>
    console.log(`  ${at.toISOString().slice(11, 16)}  ${what}`),
  );
  let right = true;
  for (const { person, expected } of readers) {
    const told = await toldTo(person, expected.length);
    console.log(`\nWhat ${person.name} was told\n`);
    for (const [index, { channel, title, message }] of told.entries()) {
      const text = channel === 'email' ? `${String(title)}: ${String(message)}` : String(message);
      console.log(`  ${String(index + 1).padStart(2)}. ${String(channel).padEnd(5)}  ${shortened(text)}`);
    }
    const wrong = differences(told, expected);
    for (const sentence of wrong) console.log(`  !! ${sentence}`);
    right &&= wrong.length === 0;
  }
  console.log(right ? '\nEach was told what concerns them, once and in order.' : '\nThat is not what was to be told.');
  return right ? 0 : 1;
}

/** All about births and those who follow them, in the order in which it was said, once so many have left. */
async function toldTo(person: Person, count: number): Promise<readonly Body[]> {
  const ours = ({ items }: Body): readonly Body[] =>
    (items as readonly Body[]).filter(({ topic }) => topic === 'labour' || topic === 'subscriptions');
  const path = '/notifications?limit=100&sort=created_at';
  const seen = await person.sees(`${count} messages to ${person.name}`, path, (page) => {
    const told = ours(page);
    return told.length >= count && told.every(({ status }) => status === 'sent' || status === 'delivered');
  });
  return ours(seen).toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

const keyOf = ({ created_at: createdAt, channel }: Body): string => `${String(createdAt)} ${String(channel)}`;

function differences(told: readonly Body[], expected: readonly Told[]): readonly string[] {
  const got = told.map(({ channel, template }) => `${String(channel)} ${String(template)}`);
  const wanted = expected.map((one) => one.join(' '));
  return Array.from({ length: Math.max(got.length, wanted.length) }, (_, index) =>
    got[index] === wanted[index]
      ? ''
      : `message ${index + 1} is ${got[index] ?? 'missing'}, and not ${wanted[index] ?? 'anything'}`,
  ).filter(Boolean);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof NotDone) && !(error instanceof TypeError)) throw error;
  console.error(error.message);
  return 2;
});
