import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { startOf } from './processes.mjs';

let count = 0;

/**
 * Takes a lock file that names its holder. A holder that has died does not count, nor does another process that got
 * its id.
 *
 * @returns {{ release(): void } | { holder: number }}
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}.${++count}`;
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  // A hard link makes the lock appear with its content: no one can read it half written.
  writeFileSync(own, mine);
  try {
    for (;;) {
      try {
        linkSync(own, file);
        return { release: () => read(file)?.text === mine && rmSync(file, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = read(file);
      if (holder && alive(holder)) return { holder: holder.pid };
      if (holder) discard(file, holder, own);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

export function lockHolder(file) {
  const holder = read(file);
  return holder && alive(holder) ? holder.pid : undefined;
}

function discard(file, stale, own) {
  const aside = `${own}.stale`;
  try {
    renameSync(file, aside);
    // Another process may have replaced the stale lock in between: then its lock is put back.
    if (read(aside)?.text !== stale.text) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function alive({ pid, start }) {
  return startOf(pid) !== undefined && startOf(pid) === start;
}

function read(file) {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, ...JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { text: readFileSync(file, 'utf8'), pid: 0 };
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
