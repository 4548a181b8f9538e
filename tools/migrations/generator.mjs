import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

export const list = 'apps/cli/src/migrations.ts';

/** A refusal that its message explains. */
export class Refused extends Error {}

/**
 * Writes a migration to be filled in, and adds it to the list.
 *
 * @param root the project's folder
 * @param place a context's name, or `platform`
 * @returns its `file` and `className`
 */
export async function newMigration(root, place, name) {
  const folders = migrationFolders(root);
  const folder = folders.get(place);
  if (!folder) {
    throw new Refused(`There is no context "${place}": choose one of ${[...folders.keys()].join(', ')}.`);
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    throw new Refused(
      `"${name}" is no name for a migration: use at most 60 characters of kebab-case, as add-estimate.`,
    );
  }
  const twin = filesIn(root, folder).find((file) => file.slice(14) === `${name}.ts`);
  if (twin) throw new Refused(`There is ${join(folder, twin)} already: say what this one does that it does not.`);
  const number = nextNumber([...folders.values()].flatMap((other) => filesIn(root, other)));
  const className = `${name.replace(/(^|-)(.)/g, (_, __, letter) => letter.toUpperCase())}${number}`;
  const file = join(folder, `${number}-${name}.ts`);
  const listed = await withMigration(root, className, file);
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, file), await formatted(skeleton(className)), { flag: 'wx' });
  writeFileSync(join(root, list), listed);
  return { file, className };
}

/** Where each context's migrations are, or will be. */
function migrationFolders(root) {
  const contexts = readdirSync(join(root, 'libs/contexts'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((name) => [name, `libs/contexts/${name}/migrations`]);
  return new Map([['platform', 'libs/platform/database/migrations'], ...contexts]);
}

function filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).filter((file) => /^\d{13}-.+\.ts$/.test(file));
}

/** The time, but after all that are there, however the clocks of those who wrote them went. */
function nextNumber(files) {
  return Math.max(Date.now(), ...files.map((file) => Number(file.slice(0, 13)) + 1));
}

function skeleton(className) {
  const name = className.slice(0, -13);
  return `
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  async up(_db: QueryRunner): Promise<void> {
    throw new Error('write me: what ${name} does, by await db.query(...)');
  }

  async down(_db: QueryRunner): Promise<void> {
    throw new Error('write me: how ${name} is undone, the last step first');
  }
}
`;
}

async function withMigration(root, className, file) {
  const door = file.startsWith('libs/contexts/')
    ? file.replace('libs/contexts/', '#contexts/')
    : file.replace('libs/platform/', '#platform/');
  const source = readFileSync(join(root, list), 'utf8');
  const longer = source.replace(
    /(export const migrations\b[^=]*=\s*\[)([^\]]*)\]/,
    (_, start, members) => `${start}${members.trimEnd().replace(/,$/, '')}${members.trim() && ','} ${className}]`,
  );
  if (longer === source)
    throw new Refused(`${list} has no "export const migrations = […]" to add to: repair it first.`);
  return formatted(`import { ${className} } from '${door.replace(/\.ts$/, '.js')}';\n${longer}`);
}

/** As the project is formatted, wherever this runs: the plugins are named in the configuration, and found from here. */
async function formatted(source) {
  const { plugins = [], ...style } = await resolveConfig(fileURLToPath(import.meta.url));
  const found = plugins.map((plugin) => fileURLToPath(import.meta.resolve(plugin)));
  return format(source, { ...style, plugins: found, parser: 'typescript' });
}
