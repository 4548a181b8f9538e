import 'reflect-metadata';

import { contextflow } from './program.js';
import { Terminal } from './terminal.js';

const terminal = new Terminal(
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
);

process.exitCode = await contextflow(process.argv.slice(2), terminal);
