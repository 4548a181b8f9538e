import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Problem } from './screen.mjs';

const launched = new Set();
let closed = false;
let deathSignals;

/**
 * Starts a process in a group of its own, so that the terminal's Ctrl-C reaches this process alone, which then stops
 * things in order. The process carries the folder it works for in CONTEXTFLOW_OWNER, by which a later run recognises
 * what an earlier one left behind; where the system can, it is also signalled when this process dies.
 *
 * @returns `pid`, `running`, `exited` (a promise of `{ code, signal }`), `kill(signal)` and `unref()`
 */
export function launch(command, args, options) {
  const { owner, env = process.env, logFile, input, echo, within = [], unstoppable } = options;
  if (closed && !unstoppable) throw new Problem('Nothing is started any more: everything is being stopped.');
  const words = [...within, ...(unstoppable ? [] : dyingWithParent(options.deathSignal)), command, ...args];
  const log = logFile ? openLog(logFile) : undefined;
  const output = echo ? 'inherit' : (log ?? 'ignore');
  const child = spawn(words[0], words.slice(1), {
    cwd: options.cwd,
    uid: options.uid,
    gid: options.gid,
    env: { ...env, CONTEXTFLOW_OWNER: owner },
    stdio: [input === undefined ? 'ignore' : 'pipe', output, output],
    detached: true,
  });
  if (log !== undefined) closeSync(log);
  const task = {
    pid: child.pid,
    running: true,
    kill: (signal) => {
      child.ref();
      signalPid(task, signal);
    },
    /** Lets this process end although the launched one still runs. */
    unref: () => child.unref(),
    exited: new Promise((resolve) => {
      const ended = (outcome) => {
        task.running = false;
        launched.delete(task);
        resolve(outcome);
      };
      child.once('error', (error) => ended({ code: 127, error }));
      child.once('exit', (code, signal) => ended({ code, signal }));
    }),
  };
  if (child.pid !== undefined && !unstoppable) launched.add(task);
  if (input !== undefined) {
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  }
  return task;
}

/** Runs a process to its end; `{ ok, code, output }` has the last lines of its log. */
export async function run(command, args, { timeoutMs = 0, ...options }) {
  const task = launch(command, args, options);
  const timer = timeoutMs && setTimeout(() => killGroup(task.pid), timeoutMs);
  const { code, signal, error } = await task.exited;
  clearTimeout(timer);
  const output = error ? `${error.message}\n` : options.logFile ? lastLines(options.logFile, options.lines) : '';
  return { ok: code === 0, code: code ?? 128, signal, output };
}

/** Asks a process to end, and ends its whole group when it has not within the time. */
export async function end(task, { signal = 'SIGTERM', graceMs }) {
  if (!task?.running) return;
  task.kill(signal);
  const timer = setTimeout(() => killGroup(task.pid), graceMs);
  await task.exited;
  clearTimeout(timer);
}

/** From now on nothing can be launched; `endLaunched` ends what still runs. */
export function closeLaunches() {
  closed = true;
}

export async function endLaunched(graceMs) {
  await Promise.all([...launched].map((task) => end(task, { graceMs })));
}

export function lastLines(file, count = 40) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/** The processes, of whatever run, that work for this folder or one below it. */
export function ownedProcesses(folder) {
  const owned = (owner) => owner === folder || owner?.startsWith(`${folder}/`);
  return others().filter((pid) => owned(/(?:^|[\0 ])CONTEXTFLOW_OWNER=([^\0\n]*)/.exec(environmentOf(pid))?.[1]));
}

/** The processes whose working folder this is: a Postgres and its backends, which overwrite their environment. */
export function processesAt(folder) {
  return others().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** Ends what an earlier run left behind; answers how many processes that were. */
export async function endLeftovers(find, { signal = 'SIGTERM', graceMs = 4000 } = {}) {
  const found = find();
  const deadline = Date.now() + graceMs;
  for (const pid of found) signalPid({ pid }, signal);
  while (find().length > 0) {
    if (Date.now() > deadline) for (const pid of find()) signalPid({ pid }, 'SIGKILL');
    await delay(50);
  }
  return found.length;
}

/** A text that tells this process from a later one with the same id; undefined when there is no such process. */
export function startOf(pid) {
  try {
    if (process.platform !== 'linux') return ps(pid, 'lstart') || undefined;
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

function others() {
  const mine = [process.pid, process.ppid];
  const pids =
    process.platform === 'linux'
      ? readdirSync('/proc').map(Number)
      : execFileSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' }).split('\n').map(Number);
  return pids.filter((pid) => pid > 1 && !mine.includes(pid));
}

function environmentOf(pid) {
  try {
    return process.platform === 'linux' ? readFileSync(`/proc/${pid}/environ`, 'utf8') : ps(pid, 'command', 'eww');
  } catch {
    return '';
  }
}

function ps(pid, column, flags = 'ww') {
  return execFileSync('ps', [flags, '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

function dyingWithParent(signal = 'SIGTERM') {
  deathSignals ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  return deathSignals ? ['setpriv', '--pdeathsig', signal.slice(3)] : [];
}

function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}

function signalPid({ pid, running = true }, signal) {
  if (!running || pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function killGroup(pid) {
  signalPid({ pid: -pid }, 'SIGKILL');
}
