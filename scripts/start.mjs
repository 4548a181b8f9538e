import { existsSync, readdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { appFlags } from './lib/app-flags.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { takeLock } from './lib/lock.mjs';
import { startMailCatcher } from './lib/mail-catcher.mjs';
import { freePort, isFree } from './lib/ports.mjs';
import { probeHttp, waitFor } from './lib/probes.mjs';
import { end, endLeftovers, lastLines, launch, ownedProcesses, run } from './lib/processes.mjs';
import { inData, inRoot, node24, readSettings, root, toolPath } from './lib/project.mjs';
import { done, explain, failed, Problem, say } from './lib/screen.mjs';
import { openServers } from './lib/servers.mjs';
import { Shutdown } from './lib/shutdown.mjs';
import { startSmsProvider } from './lib/sms-provider.mjs';
import { showWelcome } from './lib/welcome.mjs';

const logins = [
  { email: 'admin@contextflow.local', password: 'contextflow-admin' },
  { email: 'demo@contextflow.local', password: 'contextflow-demo' },
];
/** What a demo may also be called. */
const demoNames = { birth: 'birth-story' };
const demoInputs = {
  'import-todo-txt': ['examples/import-todo-txt/todo.txt'],
  'import-access-log': ['--generate', '10000', '--shift-to-now', '--chart', inData('report.svg')],
};
/** Whoever reads reports has a role for it. */
const demoLogins = { 'import-access-log': logins[0] };
const appsOwner = inData('apps');
const ranks = { apps: 1, servers: 2, lock: 3 };
const shutdown = new Shutdown();
let ready = false;

shutdown.onSignals(() => (ready ? 0 : 130));
main().catch(async (error) => {
  if (!shutdown.begun) explain(error);
  await shutdown.exit(1);
});

async function main() {
  const started = Date.now();
  const settings = readSettings();
  const options = readOptions(settings);
  holdTheClone();
  await refuseTakenPort(options.port, settings);
  await ensureInstalled();
  await endEarlierStart();
  const production = settings.NODE_ENV === 'production';
  const [addresses, inboxes] = await Promise.all([
    openServers({ settings, onExit: serverExited, onStop: (stop) => shutdown.add(ranks.servers, stop) }),
    openInboxes(settings, production),
    build(),
  ]);
  const PUBLIC_URL = settings.PUBLIC_URL || `http://127.0.0.1:${options.port}`;
  const HOST = settings.HOST || '127.0.0.1';
  // The next start is quicker: it compiles nothing that this one has.
  const cache = { NODE_COMPILE_CACHE: inData('compile-cache') };
  const env = { ...cache, ...settings, ...addresses, ...inboxes.settings, PATH: toolPath(), HOST, PUBLIC_URL };
  await finish(['migrate'], 'Database migrated', env);
  const workers = await startApps(options, env);
  await finish(['seed', '--until-run'], 'Built-in rows made', env);
  ready = true;
  done(`Ready: ${options.workers} workers`, started);
  // In production there are no accounts whose passwords everybody knows, so nobody to run it.
  const demo = options.demo && !production && (await runDemo(options, env, inboxes));
  if (options.once) return shutdown.exit(demo ?? 0);
  describe(options, { workers, inboxes, production });
}

function readOptions(settings) {
  const usage = 'npm start -- [--port 8000] [--workers 2] [--demo import-todo-txt | --demo birth | --no-demo] [--once]';
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string', default: settings.PORT || '8000' },
        workers: { type: 'string', default: '2' },
        demo: { type: 'string', default: 'import-todo-txt' },
        'no-demo': { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new Problem(`${error.message}\n  ${usage}`);
  }
  if (values.help) {
    say(`${usage}\n\n  --once   run the demo, stop everything, and exit with the demo's code`);
    process.exit(0);
  }
  const demos = readdirSync(inRoot('examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = demos.map((entry) => entry.name);
  const demo = values['no-demo'] ? undefined : (demoNames[values.demo] ?? values.demo);
  if (process.argv.includes('--demo') && !names.includes(demo)) {
    throw new Problem(`There is no demo "${demo}": there are ${names.join(', ') || 'none'}.`);
  }
  const port = count('--port', values.port, 1, 65_000);
  return { port, workers: count('--workers', values.workers, 1, 64), demo, once: values.once };
}

function count(name, text, least, most) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Problem(`${name} ${text}: give a whole number from ${least} to ${most}.`);
}

function holdTheClone() {
  const lock = takeLock(inData('start.lock'));
  if (lock.holder) {
    throw new Problem(
      `This clone is running already (process ${lock.holder}). Stop that with Ctrl-C (kill ${lock.holder}), or start ` +
        'another clone with another --port.',
    );
  }
  shutdown.add(ranks.lock, async () => lock.release());
}

async function refuseTakenPort(port, { HOST }) {
  if (await isFree(port, HOST || '127.0.0.1')) return;
  throw new Problem(
    `The port ${port} is taken by another program. Stop that, or choose another port: npm start -- --port ${port + 1000}`,
  );
}

async function endEarlierStart() {
  // The lock of the clone is ours, so whatever still works for these folders has lost its start.
  const folders = [appsOwner, inData('postgres'), inData('rabbitmq')];
  const ended = await endLeftovers(() => folders.flatMap(ownedProcesses));
  if (ended > 0) say(`  Ended ${ended} processes that an earlier start left behind`);
}

/** Where messages arrive that leave this installation: whoever has named no provider is not to write to strangers. */
async function openInboxes({ SMTP_URL, SMS_ACCOUNT }, production) {
  const [catcher, sms] = await Promise.all([
    SMTP_URL || production ? undefined : openCatcher(),
    SMS_ACCOUNT || production ? undefined : startSmsProvider({ port: await freePort() }),
  ]);
  if (sms) shutdown.add(ranks.servers, () => sms.stop());
  return { catcher, sms, settings: { ...(catcher && { SMTP_URL: catcher.smtpUrl }), ...sms?.settings } };
}

async function openCatcher() {
  const logFile = freshLog('mail');
  const catcher = await startMailCatcher({ owner: appsOwner, logFile, onExit: serverExited });
  shutdown.add(ranks.servers, (options) => catcher.stop(options));
  return catcher;
}

async function build() {
  const started = Date.now();
  const logFile = freshLog('build');
  const steps = [
    [inRoot('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json', '--pretty', 'false'],
    ['scripts/bundle.mjs'],
  ];
  for (const args of steps) {
    const { ok, output } = await run(node24, args, { owner: appsOwner, cwd: root, logFile });
    if (!ok) throw new Problem('The build failed.', output);
  }
  done('Built', started);
}

async function finish([command, ...options], title, env) {
  const started = Date.now();
  const logFile = freshLog(command);
  const args = ['dist/bundle/cli.js', command, ...options];
  const { ok, output } = await run(node24, args, { owner: appsOwner, cwd: root, env, logFile, timeoutMs: 120_000 });
  if (!ok) throw new Problem(`\`${command}\` failed (log: ${logFile}).`, output);
  done(title, started);
}

async function startApps({ port, workers: wanted }, env) {
  const workers = [];
  for (let number = 1; number <= wanted; number++) {
    const usual = port + 100 + number;
    const healthPort = usual < 65_536 && (await isFree(usual)) ? usual : await freePort(workers);
    workers.push(healthPort);
  }
  const levels = { LOG_LEVEL: env.LOG_LEVEL || 'info' };
  await Promise.all([
    startApp('api', 'API', `http://127.0.0.1:${port}/health/ready`, { ...env, ...levels, PORT: port }),
    ...workers.map((healthPort, index) => {
      const url = `http://127.0.0.1:${healthPort}/health/ready`;
      const workerEnv = { ...env, ...levels, WORKER_HEALTH_PORT: healthPort };
      return startApp('worker', `Worker ${index + 1}`, url, workerEnv, `worker-${index + 1}`);
    }),
  ]);
  return workers;
}

async function startApp(app, title, url, env, name = app) {
  const started = Date.now();
  const logFile = freshLog(name);
  const task = launch(node24, [...appFlags, `dist/bundle/${app}.js`], {
    owner: appsOwner,
    cwd: root,
    env,
    logFile,
  });
  shutdown.add(ranks.apps, () => end(task, { graceMs: 6000 }));
  void task.exited.then(({ code, signal }) => {
    if (shutdown.begun) return;
    failed(`${title} ended by itself (${signal ?? `code ${code}`}); its log is ${logFile}`);
    explain(new Problem('Everything is being stopped.', lastLines(logFile, 25)));
    void shutdown.exit(1);
  });
  const answer = async () => (await probeHttp(url)) === 200;
  const isReady = await waitFor(answer, { timeoutMs: 60_000, everyMs: 100, unless: () => !task.running });
  if (isReady) return done(`${title} answers ${url}`, started);
  // Its end has been told, or is about to be: there is nothing to add, and nothing to go on with.
  if (!task.running) return new Promise(() => undefined);
  throw new Problem(`${title} was not ready within 60 s (${url}; log: ${logFile}).`, lastLines(logFile, 25));
}

async function runDemo({ demo, port, once }, env, { catcher }) {
  const program = `dist/examples/${demo}/main.js`;
  if (!existsSync(inRoot(program))) {
    failed(`The demo ${demo} is missing (${program})`);
    return 1;
  }
  const url = `http://127.0.0.1:${port}/api/v1`;
  const login = demoLogins[demo] ?? logins[1];
  const token = await signIn(url, login);
  if (shutdown.begun) return 0;
  if (!token) {
    failed(`The demo could not sign in as ${login.email}: see ${inData('logs', 'api.log')} and the workers' logs`);
    return 1;
  }
  say(`\n— Demo: ${demo}\n`);
  const args = [program, '--url', url, ...(demoInputs[demo] ?? [])];
  const demoEnv = { ...env, CONTEXTFLOW_TOKEN: token };
  const { code } = await run(node24, args, { owner: appsOwner, cwd: root, env: demoEnv, echo: true });
  if (code !== 0 && !shutdown.begun)
    failed(`The demo ended with code ${code}${once ? '' : '; the system keeps running'}`);
  if (code !== 0 || !catcher || (await showWelcome({ url, catcher, unless: () => shutdown.begun }))) return code;
  if (shutdown.begun) return 0;
  failed(`No mail has come for somebody who registered: see ${inData('logs', 'mail.log')} and the workers' logs`);
  return 1;
}

async function signIn(url, { email, password }) {
  const body = JSON.stringify({ email, password });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/auth/login`, { method: 'POST', headers, body }).catch(() => undefined);
  return answer?.ok ? (await answer.json()).access_token : undefined;
}

function describe({ port }, { workers, inboxes: { catcher, sms }, production }) {
  const api = `http://127.0.0.1:${port}`;
  say(`
  API       ${api}/api/v1
  Swagger   ${api}/docs
  Health    ${api}/health/ready
  Workers   ${workers.map((healthPort) => `http://127.0.0.1:${healthPort}/health/ready`).join('\n            ')}
${catcher ? `  Mail      ${catcher.url}\n` : ''}${sms ? `  SMS       ${sms.url}\n` : ''}  Logs      ${inData('logs')}
${production ? '' : logins.map(({ email, password }) => `  Login     ${email} / ${password}\n`).join('')}
  Ctrl-C stops everything.`);
}

function serverExited({ name, logFile, code, signal }) {
  if (shutdown.begun) return;
  failed(`${name} ended by itself (${signal ?? `code ${code}`}); its log is ${logFile}`);
  explain(new Problem('Everything is being stopped.', lastLines(logFile, 25)));
  void shutdown.exit(1);
}

function freshLog(name) {
  const file = inData('logs', `${name}.log`);
  rmSync(file, { force: true });
  return file;
}
