import { freePort, isFree } from './ports.mjs';
import { run } from './processes.mjs';
import { inData, root } from './project.mjs';

const owner = inData('compose');
const logFile = inData('logs/compose.log');
const services = {
  postgres: { inner: 5432, variable: 'POSTGRES_PORT' },
  rabbitmq: { inner: 5672, variable: 'RABBITMQ_PORT' },
};

/** Whether a Docker engine with the compose plugin answers. */
export async function dockerAnswers() {
  const asks = [['info'], ['compose', 'version']].map((args) => run('docker', args, { owner, timeoutMs: 3000 }));
  return (await Promise.all(asks)).every(({ ok }) => ok);
}

/** Brings services up; answers where they are, or the error. `onStop` is given how to stop those that were down. */
export async function composeUp(names, onStop) {
  const before = await ports(names);
  const down = names.filter((name) => !before[name]);
  if (down.length > 0) {
    onStop(() => composeStop(down));
    const env = { ...process.env };
    for (const name of names) env[services[name].variable] = before[name] ?? (await outerPort(services[name].inner));
    env.RABBITMQ_MANAGEMENT_PORT ??= await outerPort(15672);
    const up = ['up', '--detach', '--wait', '--wait-timeout', '120', ...down];
    const { ok, output } = await compose(up, { env, logFile, timeoutMs: 300_000 });
    if (!ok) {
      await composeStop(down);
      return { error: output };
    }
  }
  return { ports: await ports(names) };
}

function composeStop(names) {
  return compose(['stop', '--timeout', '6', ...names], { logFile, timeoutMs: 10_000, unstoppable: true });
}

/** Removes all of the project's containers, whoever started them, and their data. */
export function composeRemove() {
  // Without its profile, a tool's container would stay, and keep the network.
  return compose(['--profile', 'tools', '--profile', 'test', 'down', '--volumes'], { logFile, timeoutMs: 60_000 });
}

async function ports(names) {
  const entries = names.map(async (name) => {
    const { ok, output } = await compose(['port', name, String(services[name].inner)], { logFile });
    return [name, ok ? Number(/:(\d+)\s*$/.exec(output)?.[1]) || undefined : undefined];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function outerPort(usual) {
  return (await isFree(usual)) ? usual : freePort();
}

function compose(args, options) {
  return run('docker', ['compose', ...args], { owner, cwd: root, ...options });
}
