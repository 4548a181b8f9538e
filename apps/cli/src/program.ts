import { Command, CommanderError } from 'commander';

import { isTlsFailure } from '#platform/config/server-tls.js';
import { InvalidSettings } from '#platform/config/settings.js';
import { isInfrastructure } from '#platform/database/errors.js';

import { addDb } from './commands/db.js';
import { addDeadMessages } from './commands/dead-messages.js';
import { addLog } from './commands/log.js';
import { addMigrate } from './commands/migrate.js';
import { addParkedEvents } from './commands/parked-events.js';
import { addParked } from './commands/parked.js';
import { addProjections } from './commands/projections.js';
import { addQueues } from './commands/queues.js';
import { addSeed } from './commands/seed.js';
import { addWorkers } from './commands/workers.js';
import { addPrune } from './prune.js';
import type { Terminal } from './terminal.js';
import { addTopology } from './topology.js';

const epilogue = `
Settings come from the environment and from .env (docs/configuration.md): DATABASE_URL for all, RABBITMQ_URL and
ENVELOPE_KEYS and ENCRYPTION_KEYS for "seed" too. The operations ask the API instead: CONTEXTFLOW_URL, CONTEXTFLOW_TOKEN.

Ends with code 0 when done, 1 when it failed or found faults, 2 when it was called wrongly.
"contextflow help <command>" tells more about a command.`;

const added = [
  addMigrate,
  addDb,
  addLog,
  addSeed,
  addPrune,
  addTopology,
  addParked,
  addParkedEvents,
  addDeadMessages,
  addWorkers,
  addQueues,
  addProjections,
];

/** Runs one command line, and answers with the code to end with. */
export async function contextflow(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('contextflow')
    .description('Operates ContextFlow: its schema, its log, its built-in rows, what waits for an operator.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'contextflow: ')),
    })
    .showHelpAfterError('"contextflow --help" lists the commands; with a command before it, its options.')
    .addHelpText('after', epilogue);
  for (const add of added) add(program, terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.complain(sentence(error));
    return 1;
  }
}

function sentence(error: unknown): string {
  if (error instanceof InvalidSettings) return error.message;
  if (isInfrastructure(error) || isTlsFailure(error))
    return `contextflow: Postgres cannot be reached: ${reason(error)}. Check DATABASE_URL, and that the server runs.`;
  return `contextflow: ${reason(error)}`;
}

/** Where a name has several addresses, each has an error, and the whole has no message. */
function reason(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
