import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

import { freePort, freePorts, isFree } from './ports.mjs';
import { probeAmqp, waitFor } from './probes.mjs';
import { end, endLeftovers, lastLines, launch, ownedProcesses, run } from './processes.mjs';
import { inside } from './rabbitmq4.mjs';
import { Problem } from './screen.mjs';
import { removeDataFolder, ServerFolder } from './server-folder.mjs';

const user = 'contextflow';
const homes = [
  '/usr/lib/rabbitmq/bin',
  '/opt/rabbitmq/sbin',
  '/opt/homebrew/opt/rabbitmq/sbin',
  '/usr/local/opt/rabbitmq/sbin',
];
const loopbackOnly = '-kernel inet_dist_use_interface {127,0,0,1}';

/** Starts a private RabbitMQ node, whose every port is on 127.0.0.1, with its data in `dataDir`. */
export async function startRabbitmq(options) {
  const rabbitmq = new PrivateRabbitmq(options);
  await rabbitmq.start();
  return rabbitmq;
}

/** The folder of RabbitMQ's own scripts; Debian's wrappers on the PATH insist on the system's user and node. */
export function rabbitmqHome() {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const folder of [...homes, ...onPath]) {
    const script = join(folder, 'rabbitmq-server');
    if (existsSync(script) && basename(realpathSync(script)) === 'rabbitmq-server')
      return dirname(realpathSync(script));
  }
  return undefined;
}

/** The same, as seen inside of a root that `ensureRabbitmq4` has made. */
function homeInside(root) {
  const lib = '/usr/lib/rabbitmq/lib';
  const [version] = readdirSync(`${root}${lib}`).filter((name) => name.startsWith('rabbitmq_server-'));
  return version && `${lib}/${version}/sbin`;
}

class PrivateRabbitmq {
  #folder;
  #within;
  #root;
  #wantedPort;
  #onExit;
  #home;
  #known;
  #epmd;
  #server;

  constructor({ dataDir, port, log, onExit, root }) {
    this.#folder = new ServerFolder('RabbitMQ', dataDir);
    this.#root = root;
    this.#within = root ? inside(root, this.#folder.path) : [];
    this.#wantedPort = port;
    this.#onExit = onExit;
    this.dataDir = this.#folder.path;
    this.logFile = log ?? this.#folder.at('server.log');
  }

  get pid() {
    return this.#server?.running ? this.#server.pid : undefined;
  }

  get url() {
    return `amqp://${user}:${this.#known.password}@127.0.0.1:${this.port}`;
  }

  async start() {
    if (this.#server?.running) return;
    this.#home = this.#root ? homeInside(this.#root) : rabbitmqHome();
    if (!this.#home) throw new Problem('There is no RabbitMQ on this machine: install rabbitmq-server.');
    const known = this.#folder.take();
    try {
      await endLeftovers(() => ownedProcesses(this.dataDir));
      this.#known = {
        // Remembered, since RabbitMQ finds its data by the node's name.
        node: known.node ?? `contextflow-${randomBytes(4).toString('hex')}@localhost`,
        password: known.password ?? randomBytes(18).toString('base64url'),
        cookie: known.cookie ?? randomBytes(18).toString('hex'),
        version: known.version,
      };
      this.#refuseOtherVersion();
      this.port = await this.#choosePort(known);
      this.#known.ports = await this.#innerPorts(known.ports);
      this.#writeFiles();
      this.#folder.remember({ ...this.#known, port: this.port });
      await this.#serve();
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async stop({ graceMs = 8000 } = {}) {
    if (!this.#server) return;
    const server = this.#server;
    this.#server = undefined;
    await end(server, { graceMs });
    await this.#close();
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** What a crash of the broker looks like. */
  async kill() {
    const server = this.#server;
    this.#server = undefined;
    server?.kill('SIGKILL');
    await server?.exited;
    await this.#close();
  }

  /** Runs rabbitmqctl against this node, for example `ctl('list_queues', 'name', 'messages')`. */
  async ctl(...args) {
    const log = this.#folder.at(`ctl-${randomBytes(4).toString('hex')}.log`);
    const env = { ...this.#environment(), RABBITMQ_CTL_ERL_ARGS: loopbackOnly };
    const within = this.#within;
    const options = { owner: this.dataDir, env, logFile: log, lines: Infinity, timeoutMs: 30_000, within };
    const words = ['-q', '-n', this.#known.node, ...args];
    const { ok, output } = await run(join(this.#home, 'rabbitmqctl'), words, options);
    rmSync(log, { force: true });
    if (!ok) throw new Problem(`rabbitmqctl ${args.join(' ')} failed.`, output);
    return output;
  }

  async remove() {
    await this.kill();
    removeDataFolder(this.dataDir);
  }

  #refuseOtherVersion() {
    const installed = /rabbitmq_server-(\d+\.\d+)/.exec(this.#home)?.[1];
    const written = this.#known.version?.split('.').slice(0, 2).join('.');
    if (!installed || !written || installed === written) return;
    throw this.#folder.unusable(`its data are of RabbitMQ ${written}, and this is RabbitMQ ${installed}`);
  }

  async #choosePort({ port }) {
    const fixed = this.#wantedPort ?? this.port;
    if (fixed !== undefined) {
      if (await waitFor(() => isFree(fixed), { timeoutMs: 5000 })) return fixed;
      throw new Problem(`The port ${fixed} of 127.0.0.1 is taken: RabbitMQ cannot start there.`);
    }
    return port && (await isFree(port)) ? port : freePort();
  }

  async #innerPorts(known) {
    const free = known && (await Promise.all(Object.values(known).map((port) => isFree(port)))).every(Boolean);
    if (free) return known;
    const [distribution, epmd] = await freePorts(2);
    return { distribution, epmd };
  }

  #writeFiles() {
    const write = (name, text) => {
      rmSync(this.#folder.at(name), { force: true });
      writeFileSync(this.#folder.at(name), text, { mode: 0o600 });
    };
    write('.erlang.cookie', this.#known.cookie);
    write('enabled_plugins', '[].\n');
    write('rabbitmq-env.conf', '');
    write(
      'rabbitmq.conf',
      [
        `listeners.tcp.1 = 127.0.0.1:${this.port}`,
        `default_user = ${user}`,
        `default_pass = ${this.#known.password}`,
        'disk_free_limit.absolute = 50MB',
        // The default reserves half a gigabyte of disk for each node.
        'raft.wal_max_size_bytes = 67108864',
        '',
      ].join('\n'),
    );
  }

  #environment() {
    const { node, ports } = this.#known;
    const foreign = ([name]) => !/^(RABBITMQ|ERL|NOTIFY_SOCKET)/.test(name);
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(foreign)),
      HOME: this.dataDir,
      LC_ALL: 'C.UTF-8',
      RABBITMQ_NODENAME: node,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: this.port,
      RABBITMQ_DIST_PORT: ports.distribution,
      RABBITMQ_MNESIA_BASE: this.#folder.at('mnesia'),
      RABBITMQ_LOG_BASE: this.#folder.at('log'),
      RABBITMQ_CONFIG_FILE: this.#folder.at('rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: this.#folder.at('advanced.config'),
      RABBITMQ_CONF_ENV_FILE: this.#folder.at('rabbitmq-env.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: this.#folder.at('enabled_plugins'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: loopbackOnly,
      // Makes the script become the broker, instead of a shell that watches over it; the broker still reads no input.
      RABBITMQ_ALLOW_INPUT: '1',
      RABBITMQ_SERVER_START_ARGS: '-noinput',
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: ports.epmd,
      ERL_CRASH_DUMP_SECONDS: '0',
    };
  }

  async #serve() {
    const options = {
      owner: this.dataDir,
      env: this.#environment(),
      logFile: this.logFile,
      cwd: this.dataDir,
      within: this.#within,
    };
    const { epmd } = this.#known.ports;
    // In the foreground: the one that Erlang would start itself would outlive the node.
    this.#epmd = launch(
      this.#root ? '/usr/bin/epmd' : epmdProgram(),
      ['-port', String(epmd), '-address', '127.0.0.1'],
      {
        ...options,
        deathSignal: 'SIGKILL',
      },
    );
    const names = async () => !(await isFree(epmd));
    if (!(await waitFor(names, { timeoutMs: 30_000, everyMs: 10, unless: () => !this.#epmd.running }))) {
      throw new Problem(`Erlang's port mapper did not start (log: ${this.logFile}).`, lastLines(this.logFile, 15));
    }
    const server = launch(join(this.#home, 'rabbitmq-server'), [], options);
    this.#server = server;
    const answer = () => probeAmqp('127.0.0.1', this.port);
    const broker = await waitFor(answer, { timeoutMs: 60_000, unless: () => !server.running });
    if (!broker) throw new Problem(`RabbitMQ did not start (log: ${this.logFile}).`, lastLines(this.logFile, 25));
    this.version = broker.version;
    this.#folder.remember({ version: broker.version });
    // A server that a test forgot must not keep Jest from ending; it ends with this process.
    server.unref();
    this.#epmd.unref();
    void server.exited.then((exit) => {
      if (this.#server !== server) return;
      this.#server = undefined;
      this.#epmd?.kill('SIGKILL');
      this.#folder.release();
      this.#onExit?.({ name: 'RabbitMQ', logFile: this.logFile, ...exit });
    });
  }

  async #close() {
    const server = this.#server;
    this.#server = undefined;
    await end(server, { graceMs: 1000 });
    await end(this.#epmd, { signal: 'SIGKILL', graceMs: 1000 });
    this.#epmd = undefined;
    await endLeftovers(() => ownedProcesses(this.dataDir), { signal: 'SIGKILL' });
    this.#folder.release();
  }
}

function epmdProgram() {
  const places = [
    '/usr/bin/epmd',
    '/usr/lib/erlang/bin/epmd',
    '/usr/local/lib/erlang/bin/epmd',
    '/opt/homebrew/opt/erlang/bin/epmd',
  ];
  return places.find((place) => existsSync(place)) ?? 'epmd';
}
