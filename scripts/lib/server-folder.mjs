import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { takeLock } from './lock.mjs';
import { Problem } from './screen.mjs';

const memory = 'contextflow.json';

/** The folder of one private server: its data, its log, what must survive a restart, and a lock while it is in use. */
export class ServerFolder {
  #lock;

  constructor(kind, path) {
    this.kind = kind;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.path = realpathSync(path);
  }

  at(...parts) {
    return join(this.path, ...parts);
  }

  /** Takes the folder for this process, and answers what was remembered in it. */
  take() {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const known = this.#read();
    if (!known && readdirSync(this.path).some((name) => !name.startsWith('lock'))) {
      throw this.unusable(`it holds something that is not a private ${this.kind}'s data`);
    }
    const lock = takeLock(this.at('lock'));
    if (lock.holder) throw new Problem(`The ${this.kind} in ${this.path} is in use by the process ${lock.holder}.`);
    this.#lock = lock;
    return known ?? {};
  }

  release() {
    this.#lock?.release();
    this.#lock = undefined;
  }

  remember(facts) {
    writeFileSync(this.at(memory), JSON.stringify({ ...this.#read(), kind: this.kind, ...facts }), {
      mode: 0o600,
    });
  }

  unusable(reason) {
    return new Problem(
      `${this.path} cannot be used: ${reason}. Move it away if you need it, else remove it; for the data of npm start, ` +
        '`npm run reset` does that.',
    );
  }

  #read() {
    try {
      const known = JSON.parse(readFileSync(this.at(memory), 'utf8'));
      return known.kind === this.kind ? known : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Removes a folder with private servers' data in it, also what such a server keeps outside of it. */
export function removeDataFolder(folder) {
  for (const file of memories(folder)) {
    const { outside } = JSON.parse(readFileSync(file, 'utf8'));
    if (outside && basename(outside).startsWith('contextflow-')) rmSync(outside, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function memories(folder, depth = 3) {
  let entries = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    if (entry.name === memory) return [join(folder, entry.name)];
    return entry.isDirectory() && depth > 0 ? memories(join(folder, entry.name), depth - 1) : [];
  });
}
