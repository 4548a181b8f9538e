import { readdirSync } from 'node:fs';

import { composeRemove, dockerAnswers } from './lib/compose.mjs';
import { lockHolder } from './lib/lock.mjs';
import { endLeftovers, ownedProcesses } from './lib/processes.mjs';
import { dataFolder, inData, readSettings } from './lib/project.mjs';
import { done, explain, Problem, say } from './lib/screen.mjs';
import { removeDataFolder } from './lib/server-folder.mjs';
import { databaseUrl } from './lib/servers.mjs';

reset().catch((error) => {
  explain(error);
  process.exitCode = 1;
});

/** Back to the first start: without the private servers' data, Docker's volumes of this project, and the logs. */
async function reset() {
  const running = lockHolder(inData('start.lock'));
  if (running) throw new Problem(`npm start is running (process ${running}): stop it first, with Ctrl-C.`);
  for (const name of entries()) {
    if (testRunIn(name) || name === 'install.lock') continue;
    await endLeftovers(() => ownedProcesses(inData(name)));
    removeDataFolder(inData(name));
  }
  done('The private data and logs are removed: .data');
  if (await dockerAnswers()) {
    const { ok } = await composeRemove();
    if (ok) done("Docker's containers and volumes of this project are removed");
    else say('  Docker could not remove its containers and volumes: docker compose down --volumes');
  }
  const settings = readSettings();
  if (databaseUrl(settings)) say('  Not touched: the database of DATABASE_URL (or DB_HOST), which is yours');
  if (settings.RABBITMQ_URL) say('  Not touched: the broker of RABBITMQ_URL, which is yours');
}

function entries() {
  try {
    return readdirSync(dataFolder);
  } catch {
    return [];
  }
}

function testRunIn(name) {
  return name.startsWith('test-') && lockHolder(inData(name, 'lock')) !== undefined;
}
