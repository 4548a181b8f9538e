import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';

import { run } from './processes.mjs';
import { inData } from './project.mjs';
import { done, Problem, say } from './screen.mjs';

const folder = inData('rabbitmq4');
const suite = 'trixie';

/**
 * The root of a Debian that has RabbitMQ 4.0 on Erlang 27, made on the first call: for `startRabbitmq({ root })`. It is
 * only files; what runs there is in a mount namespace of its own, which ends with it.
 */
export async function ensureRabbitmq4() {
  const root = `${folder}/root`;
  if (existsSync(`${root}/usr/lib/rabbitmq/bin/rabbitmq-server`)) return root;
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Problem('RabbitMQ 4 for the tests needs Linux and root (debootstrap, chroot): leave --broker out.');
  const started = Date.now();
  say(`… Fetching RabbitMQ 4 into ${folder} with debootstrap: some 120 MB, about a minute`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const options = { owner: `${folder}/install`, logFile: `${folder}/install.log` };
  if (spawnSync('debootstrap', ['--version']).status !== 0) {
    const apt = 'apt-get update -q && apt-get install -q -y --no-install-recommends debootstrap';
    await succeed('apt-get install debootstrap', 'sh', ['-c', apt], options);
  }
  // Half an installation must never be taken for a whole one.
  const unfinished = `${folder}/unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const packages = '--include=rabbitmq-server,ca-certificates';
  await succeed('debootstrap', 'debootstrap', ['--variant=minbase', packages, suite, unfinished], options);
  renameSync(unfinished, root);
  done('RabbitMQ 4 is there', started);
  return root;
}

async function succeed(what, command, args, options) {
  const { ok, output } = await run(command, args, { ...options, unstoppable: true });
  if (!ok) throw new Problem(`${what} failed (log: ${options.logFile}).`, output);
}

// Mounts are private to this process and its children: they are gone when the last of them is.
const enter = `
set -e
root=$1 data=$2
shift 2
mkdir -p "$root$data"
mount --bind "$data" "$root$data"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
cd /
exec chroot "$root" "$@"
`;

/** The words that run a program inside of such a root, with that folder at the same place. */
export const inside = (root, dataDir) => [
  'unshare',
  '--mount',
  '--propagation=private',
  'sh',
  '-c',
  enter,
  'rabbitmq4',
  root,
  dataDir,
];
