import { readFileSync } from 'node:fs';

/** The version that package.json states: what `/health` and `platform.workers` show. */
export const release: string = readVersion();

function readVersion(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    try {
      return (JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { version: string }).version;
    } catch {
      if (folder.pathname === '/') return 'unknown';
    }
  }
}
