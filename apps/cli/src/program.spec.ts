import { describe, expect, it } from '@jest/globals';

import { contextflow } from './program.js';
import { Terminal } from './terminal.js';

const someId = '01a1fd33-6cae-772b-a445-1f922984fb01';
const nobody = 'postgres://nobody@127.0.0.1:1/nowhere';

async function run(line: string, environment: NodeJS.ProcessEnv = {}) {
  let [said, complained] = ['', ''];
  const terminal = new Terminal(
    (text) => (said += text),
    (text) => (complained += text),
    environment,
  );
  const code = await contextflow(line.split(' ').filter(Boolean), terminal);
  return { code, said, complained };
}

describe('The command line', () => {
  it('lists its commands when asked', async () => {
    const { code, said } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['migrate', 'db', 'seed']) expect(said).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(said).toContain('docs/configuration.md');
  });

  it.each([
    ['', 'Usage: contextflow'],
    ['migrat', 'unknown command \'migrat\'\n(Did you mean migrate?)\n"contextflow --help" lists the commands'],
    ['migrate sideways', 'too many arguments'],
    ['migrate --lst', 'unknown option'],
    ['migrate down --steps 0', 'Give a whole number from 1.'],
    ['migrate down --steps 1 --to Platform1764000000000', 'cannot be used with'],
    ['db', 'Usage: contextflow db'],
    ['seed --within soon', 'Give a whole number from 1.'],
    ['parked retry', 'give either an id, or --all or another filter'],
    [`parked retry ${someId} --all`, 'give either an id, or --all or another filter'],
    [`parked discard ${someId}`, "required option '--reason <text>'"],
    [`parked edit ${someId} --reason slip --payload [1]`, 'Give a JSON object.'],
    [`parked edit ${someId} --reason slip --payload @/nowhere`, 'ENOENT'],
    ['workers drain', "missing required argument 'id'"],
  ])('says what is wrong with "contextflow %s", and ends with 2', async (line, sentence) => {
    const { code, said, complained } = await run(line);
    expect({ code, said }).toEqual({ code: 2, said: '' });
    expect(complained).toContain(sentence);
  });

  it.each(['migrate', 'migrate --list', 'migrate down', 'db check', 'seed'])(
    'says which settings "contextflow %s" lacks, and ends with 1',
    async (line) => {
      const { code, complained } = await run(line);
      expect(code).toBe(1);
      expect(complained).toContain('DATABASE_URL: set postgres://');
    },
  );

  it('does not go back in production unless told that data may be dropped', async () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: nobody };
    expect((await run('migrate down', production)).complained).toContain('add --yes-drop-data');
    expect((await run('migrate down --yes-drop-data', production)).complained).toContain('ECONNREFUSED');
  });
});

describe('A command for operators', () => {
  it.each(['parked list', 'parked-events list', 'dead-messages list', 'workers list', 'queues'])(
    'says how "contextflow %s" could reach the API, and ends with 1',
    async (line) => {
      const { code, complained } = await run(line, { CONTEXTFLOW_URL: 'http://127.0.0.1:1' });
      expect(code).toBe(1);
      expect(complained).toContain('The API does not answer at http://127.0.0.1:1: ');
      expect((await run(`${line} --url nowhere`)).complained).toContain('"nowhere" is no address');
    },
  );
});
