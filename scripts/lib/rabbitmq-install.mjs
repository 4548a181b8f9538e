import { existsSync } from 'node:fs';

import { run } from './processes.mjs';
import { rabbitmqHome } from './rabbitmq.mjs';
import { Problem } from './screen.mjs';

// Debian starts a broker of the system when the package is installed. Only its files are wanted, so starting services is
// forbidden while it is installed, by the means Debian has for that, and the service is kept out of the next boot.
const installation = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 rabbitmq-server
if [ -d /run/systemd/system ]; then
  systemctl disable --now rabbitmq-server.service epmd.service epmd.socket || true
fi
`;

/** Sees to it that RabbitMQ's programs are on this machine; answers whether they had to be installed. */
export async function ensureRabbitmqPrograms({ owner, logFile, announce }) {
  if (rabbitmqHome()) return false;
  const asRoot = await waysToRoot(owner);
  if (!existsSync('/usr/bin/apt-get') || !asRoot) throw missing();
  announce();
  const [command, ...args] = [...asRoot, 'sh', '-c', installation];
  // A package half installed is worse than a late end: neither Ctrl-C nor our death interrupts apt.
  const { ok, output } = await run(command, args, { owner, logFile, unstoppable: true });
  if (!ok || !rabbitmqHome()) throw new Problem(`RabbitMQ could not be installed (log: ${logFile}). ${advice}`, output);
  return true;
}

const advice =
  'Start Docker, or set RABBITMQ_URL to a broker of yours (amqp://user:password@host:5672), or install it yourself: ' +
  '`sudo apt-get install rabbitmq-server` on Debian and Ubuntu, `brew install rabbitmq` on macOS.';

function missing() {
  return new Problem(`There is no RabbitMQ on this machine, and no Docker to run one. ${advice}`);
}

async function waysToRoot(owner) {
  if (process.getuid?.() === 0) return [];
  const { ok } = await run('sudo', ['-n', 'true'], { owner, timeoutMs: 5000 });
  return ok ? ['sudo', '-n'] : undefined;
}
