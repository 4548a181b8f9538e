import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

const code = ['libs', 'apps', 'examples', 'test', 'bench'].flatMap((folder) => sources(folder));
const production = code.filter((file) => /^(libs|apps)\//.test(file));
const migrations = production.filter((file) => /\/migrations\/[^.]+\.ts$/.test(file));

const roles = 'handler policy projection queries entity controller module lookup'.split(' ');
const nestRoles = 'guard pipe filter interceptor strategy decorator'.split(' ');
const tests = 'spec int-spec e2e-spec fault-spec'.split(' ');
const known = [...roles, ...nestRoles, ...tests];

describe('The files', () => {
  it('are found', () => {
    expect(code).toContain('test/architecture/files.spec.ts');
    expect(code).toContain('libs/kernel/index.ts');
  });

  it('give every handler and policy a spec beside it', () => {
    const untested = production
      .filter((file) => /^libs\/contexts\/[^/]+\/application\/.*\.(handler|policy)\.ts$/.test(file))
      .map((file) => ({ file, spec: file.replace(/\.(handler|policy)\.ts$/, '.spec.ts') }))
      .filter(({ spec }) => !code.includes(spec));

    expect(untested.map(({ file, spec }) => `${file}: tell its story in ${spec}`)).toEqual([]);
  });

  it('are named in kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
    const odd = code.filter((file) => !parts(file).every((part) => kebab.test(part)));

    expect(odd.map((file) => `${file}: rename it in kebab-case, as create-task.handler.ts`)).toEqual([]);
  });

  it('have a known role suffix or none', () => {
    const odd = code.flatMap((file) =>
      suffixes(file)
        .filter((suffix) => !known.includes(suffix))
        .map((suffix) => `${file}: .${suffix} is no role; drop it, or use one of ${known.join(', ')}`),
    );

    expect(odd).toEqual([]);
  });

  it('say what they hold', () => {
    const vague = /^(utils?|commons?|helpers?|shared|types?|managers?)$|(^|-)(utils?|helpers?|managers?)$/;
    const odd = code.filter((file) => parts(file).some((part) => vague.test(part)));

    expect(odd.map((file) => `${file}: name it and its folder after what it holds or does`)).toEqual([]);
  });

  it('have no default exports', () => {
    const odd = production.filter((file) =>
      /^\s*export\s+default\b|\bexport\s*{[^}]*\bdefault\s*[,}]/m.test(read(file)),
    );

    expect(odd.map((file) => `${file}: export by name, so that it is called the same everywhere`)).toEqual([]);
  });

  it('let every migration go back', () => {
    const odd = migrations.flatMap((file) =>
      ['up', 'down']
        .filter((way) => !hasBody(read(file), way))
        .map((way) => `${file}: write ${way}(): what the one does, the other undoes`),
    );

    expect(migrations).not.toEqual([]);
    expect(odd).toEqual([]);
  });

  it('number every migration once, by a time in milliseconds', () => {
    const number = (file: string) => /^(\d{13})-/.exec(basename(file))?.[1];
    const odd = migrations.filter(
      (file, at) => !number(file) || migrations.findIndex((other) => number(other) === number(file)) < at,
    );

    expect(odd.map((file) => `${file}: begin its name with a 13-digit time of its own`)).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .toSorted();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function parts(file: string): string[] {
  return file.replace(/\.d\.ts$|\.ts$/, '').split(/[/.]/);
}

// The last one is the role: tasks.api.module.ts is a module.
function suffixes(file: string): string[] {
  return parts(basename(file)).slice(1).slice(-1);
}

function hasBody(source: string, method: string): boolean {
  const start = new RegExp(`^\\s*(?:public\\s+|async\\s+|override\\s+)*${method}\\s*\\(`, 'm').exec(source);
  return start !== null && !/^[^{]*{\s*}/.test(source.slice(start.index));
}
