import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');
export const dataFolder = join(root, '.data');
export const node24 = join(root, 'node_modules/node/bin/node');

export const inRoot = (...parts) => join(root, ...parts);
export const inData = (...parts) => join(dataFolder, ...parts);

/** The settings of `.env` below those of the environment, which win. */
export function readSettings(environment = process.env) {
  let text = '';
  try {
    text = readFileSync(inRoot('.env'), 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return { ...parseSettings(text), ...environment };
}

export function parseSettings(text) {
  const settings = {};
  const line = /^[ \t]*(?:export[ \t]+)?([\w.]+)[ \t]*=[ \t]*("(?:\\[^]|[^"\\])*"|'[^']*'|[^\r\n]*)/gm;
  for (const [, name, raw] of text.matchAll(line)) settings[name] = unquoted(raw);
  return settings;
}

function unquoted(raw) {
  if (raw.startsWith("'")) return raw.slice(1, -1);
  if (raw.startsWith('"'))
    return raw
      .slice(1, -1)
      .replace(/\\n/g, '\n')
      .replace(/\\(["\\])/g, '$1');
  return raw.replace(/(^|\s)#.*$/, '').trim();
}

/** The PATH of npm's scripts: the first `node` on it is Node 24. */
export function toolPath(environment = process.env) {
  return `${inRoot('node_modules/.bin')}:${environment.PATH ?? '/usr/local/bin:/usr/bin:/bin'}`;
}
