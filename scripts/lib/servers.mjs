import { composeUp, dockerAnswers } from './compose.mjs';
import { startPostgres } from './postgres.mjs';
import { probeAmqp, probePostgres, waitFor } from './probes.mjs';
import { inData } from './project.mjs';
import { ensureRabbitmqPrograms } from './rabbitmq-install.mjs';
import { startRabbitmq } from './rabbitmq.mjs';
import { done, Problem, say } from './screen.mjs';

/**
 * Postgres and RabbitMQ for npm start: those the settings name, else Docker's, else private ones.
 *
 * @param onExit is told when a private server ends by itself
 * @param onStop is given, as soon as something runs, how to stop it again
 */
export async function openServers({ settings, onExit, onStop }) {
  const named = { postgres: databaseUrl(settings), rabbitmq: settings.RABBITMQ_URL };
  const wanted = Object.keys(named).filter((name) => !named[name]);
  const docker = wanted.length > 0 ? await openCompose(wanted, onStop) : {};
  const [databaseAddress, brokerAddress] = await Promise.all([
    named.postgres ? useDatabase(named.postgres) : (docker.postgres ?? ownPostgres(onExit, onStop)),
    named.rabbitmq ? useBroker(named.rabbitmq) : (docker.rabbitmq ?? ownRabbitmq(onExit, onStop)),
  ]);
  return { DATABASE_URL: databaseAddress, RABBITMQ_URL: brokerAddress };
}

export function databaseUrl({ DATABASE_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME }) {
  if (DATABASE_URL || !DB_HOST) return DATABASE_URL || undefined;
  const password = DB_PASSWORD ? `:${encodeURIComponent(DB_PASSWORD)}` : '';
  const user = encodeURIComponent(DB_USER || 'postgres');
  return `postgres://${user}${password}@${DB_HOST}:${DB_PORT || 5432}/${DB_NAME || 'contextflow'}`;
}

async function useDatabase(text) {
  const started = Date.now();
  const { host, port } = address('DATABASE_URL', text, 5432);
  const answer = await waitFor(() => probePostgres(host, port, 2000), { timeoutMs: 5000, everyMs: 250 });
  if (!answer) throw new Problem(silent('Postgres', 'DATABASE_URL (or DB_HOST)', host, port));
  done(`Postgres on ${host}:${port} (yours)`, started);
  return text;
}

async function useBroker(text) {
  const started = Date.now();
  const { host, port, tls } = address('RABBITMQ_URL', text, text.startsWith('amqps:') ? 5671 : 5672);
  const broker = await waitFor(() => probeAmqp(host, port, { tls, timeoutMs: 2000 }), {
    timeoutMs: 5000,
    everyMs: 250,
  });
  if (!broker) throw new Problem(silent('RabbitMQ', 'RABBITMQ_URL', host, port));
  done(`${broker.product} ${broker.version} on ${host}:${port} (yours)`, started);
  if (/^4\.3\.[0-5]$/.test(broker.version)) {
    say('  RabbitMQ 4.3.0 to 4.3.5 may stop delivering from single-active quorum queues: please use another version.');
  }
  return text;
}

async function openCompose(names, onStop) {
  if (!(await dockerAnswers())) return {};
  const started = Date.now();
  say(`… Starting ${names.join(' and ')} with Docker; the first time, images are downloaded`);
  const { ports } = await composeUp(names, onStop);
  if (!ports || names.some((name) => !ports[name])) {
    say('  Docker could not (see .data/logs/compose.log): going on with private servers.');
    return {};
  }
  for (const name of names) done(`${titles[name]} on 127.0.0.1:${ports[name]} (Docker)`, started);
  return {
    postgres: ports.postgres && `postgres://contextflow:contextflow@127.0.0.1:${ports.postgres}/contextflow`,
    rabbitmq: ports.rabbitmq && `amqp://contextflow:contextflow@127.0.0.1:${ports.rabbitmq}`,
  };
}

const titles = { postgres: 'Postgres', rabbitmq: 'RabbitMQ' };

async function ownPostgres(onExit, onStop) {
  const started = Date.now();
  const postgres = await startPostgres({ dataDir: inData('postgres'), onExit });
  onStop((options) => postgres.stop('fast', options));
  done(`Postgres ${postgres.version} on 127.0.0.1:${postgres.port} (private)`, started);
  return postgres.url;
}

async function ownRabbitmq(onExit, onStop) {
  await installRabbitmq();
  const started = Date.now();
  const rabbitmq = await startRabbitmq({ dataDir: inData('rabbitmq'), onExit });
  onStop((options) => rabbitmq.stop(options));
  done(`RabbitMQ ${rabbitmq.version} on 127.0.0.1:${rabbitmq.port} (private)`, started);
  return rabbitmq.url;
}

export async function installRabbitmq() {
  const started = Date.now();
  const announce = () => say('… Installing RabbitMQ with apt-get (its files only: no service is started)');
  const logFile = inData('logs/rabbitmq-install.log');
  if (await ensureRabbitmqPrograms({ owner: inData('install'), logFile, announce }))
    done('RabbitMQ installed', started);
}

function address(name, text, usualPort) {
  try {
    const { hostname, port, protocol } = new URL(text);
    if (!hostname) throw new Error('no host');
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || usualPort, tls: protocol === 'amqps:' };
  } catch {
    throw new Problem(`${name} is no address: it looks like scheme://user:password@host:${usualPort}/name.`);
  }
}

function silent(what, name, host, port) {
  return (
    `${name} points at ${host}:${port}, but no ${what} answers there. Start it, or remove the setting (environment or ` +
    '.env), and npm start brings its own.'
  );
}
