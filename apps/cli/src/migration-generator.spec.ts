import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { projectRoot } from '#testing/project.js';

import { list, newMigration } from '../../../tools/migrations/generator.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contextflow-migrations-'));
  write('libs/platform/database/migrations/1764000000000-platform.ts', '');
  write('libs/contexts/tasks/migrations/1764000100000-task-list.ts', '');
  write('libs/contexts/auth/README.md', '');
  mkdirSync(join(folder, dirname(list)), { recursive: true });
  cpSync(join(projectRoot, list), join(folder, list));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const filesIn = (place: string): string[] => readdirSync(join(folder, place));
/** The classes in the list, and those that it imports. */
const listed = (): string[] => /= \[([^\]]*)\]/.exec(read(list))?.[1]?.match(/\w+/g) ?? [];
const imported = (): string[] => [...read(list).matchAll(/import \{ (\w+) \}/g)].map(([, name]) => name as string);

const generate = (place: string, name: string): Promise<{ file: string }> => newMigration(folder, place, name);

describe('A new migration', () => {
  it('is a file of its context that says what to write, at the end of the list', async () => {
    const before = listed();
    const { file } = await generate('tasks', 'add-estimate');
    const number = /^libs\/contexts\/tasks\/migrations\/(\d{13})-add-estimate\.ts$/.exec(file)?.[1];
    const source = read(file);
    expect(source).toContain(`export class AddEstimate${number} implements MigrationInterface`);
    expect(source.match(/write me: /g)).toHaveLength(2);
    expect(listed()).toEqual([...before, `AddEstimate${number}`]);
    expect(imported()).toContain(`AddEstimate${number}`);
    expect(read(list)).toContain(`'#contexts/tasks/migrations/${number}-add-estimate.js'`);
  });

  it('of the platform is imported from there', async () => {
    await generate('platform', 'checkpoints');
    expect(read(list)).toMatch(/'#platform\/database\/migrations\/\d{13}-checkpoints\.js'/);
  });

  it('makes the folder of a context’s first one', async () => {
    await generate('auth', 'accounts');
    expect(filesIn('libs/contexts/auth/migrations')).toEqual([expect.stringMatching(/^\d{13}-accounts\.ts$/)]);
  });

  it('comes after all others, also after one whose author’s clock was ahead', async () => {
    write('libs/contexts/auth/migrations/9999999999000-ahead.ts', '');
    await generate('tasks', 'one');
    await generate('platform', 'two');
    expect(listed().slice(-2)).toEqual(['One9999999999001', 'Two9999999999002']);
  });

  it('leaves a list that is formatted, however long it has become', async () => {
    for (const name of ['first-of-them', 'second-of-them', 'third-of-them']) await generate('tasks', name);
    expect(listed().slice(-3)).toEqual([/First/, /Second/, /Third/].map((name) => expect.stringMatching(name)));
    expect(
      imported()
        .filter((name) => name !== 'Migration')
        .toSorted(),
    ).toEqual(listed().toSorted());
    expect(
      Math.max(
        ...read(list)
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(120);
  });
});

describe('A migration is refused', () => {
  it.each([
    ['chores', 'add-estimate', 'There is no context "chores": choose one of platform, auth, tasks.'],
    ['tasks', 'AddEstimate', 'use at most 60 characters of kebab-case'],
    ['tasks', '../escape', 'use at most 60 characters of kebab-case'],
    ['tasks', 'x'.repeat(61), 'use at most 60 characters of kebab-case'],
    ['tasks', 'task-list', 'There is libs/contexts/tasks/migrations/1764000100000-task-list.ts already'],
  ])('as %s %s, and nothing is written', async (place, name, sentence) => {
    const before = [read(list), ...filesIn('libs/contexts/tasks/migrations')];
    await expect(generate(place, name)).rejects.toThrow(sentence);
    expect([read(list), ...filesIn('libs/contexts/tasks/migrations')]).toEqual(before);
  });

  it('when the list cannot be added to', async () => {
    write(list, 'export const others = [];\n');
    await expect(generate('tasks', 'add-estimate')).rejects.toThrow('repair it first');
    expect(filesIn('libs/contexts/tasks/migrations')).toHaveLength(1);
  });
});
