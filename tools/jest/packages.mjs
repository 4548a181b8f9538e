import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
/** Packages of hundreds of files, each with the names that it is imported by. */
const packages = {
  'class-validator': ['class-validator'],
  rxjs: ['rxjs', 'rxjs/operators'],
  typeorm: ['typeorm', 'typeorm/driver/postgres/PostgresDriver.js'],
};

/**
 * Jest loads each file of each package anew for each test file. This makes one file of each large package, once for a
 * package-lock.json.
 * @returns the entries of moduleNameMapper that lead there
 */
export async function packagesInOne() {
  const sources = [join(root, 'package-lock.json'), import.meta.filename].map((file) => readFileSync(file));
  const hash = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 16);
  const folder = join(root, 'node_modules/.cache', `contextflow-jest-${hash}`);
  if (!existsSync(folder)) await make(folder);
  const names = Object.values(packages).flat();
  return Object.fromEntries(names.map((name) => [`^${name.replaceAll('.', '\\.')}$`, join(folder, fileOf(name))]));
}

async function make(folder) {
  const unfinished = `${folder}-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const [name, imported] of Object.entries(packages)) {
    const bundle = `${name}.bundle.cjs`;
    const contents = imported.map((path, index) => `exports[${index}] = require('${path}');`).join('\n');
    await build({
      stdin: { contents, resolveDir: root },
      outfile: join(unfinished, bundle),
      bundle: true,
      minifyWhitespace: true,
      minifySyntax: true,
      platform: 'node',
      target: 'node24',
      // Others import these, too, and must get the same ones.
      external: ['pg', 'pg-native', 'reflect-metadata'],
      logLevel: 'warning',
    });
    for (const [index, path] of imported.entries())
      writeFileSync(join(unfinished, fileOf(path)), `module.exports = require('./${bundle}')[${index}];\n`);
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    // Another run has made it in the meantime.
    if (!existsSync(folder)) throw error;
  }
}

const fileOf = (name) => `${name.replaceAll('/', '-').replace(/\.js$/, '')}.cjs`;
