import { describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';

import { tokenAudience, tokenIssuer } from '#platform/auth/authenticated-user.js';
import { development } from '#platform/config/development.js';

import { contextflow } from './program.js';
import { Terminal } from './terminal.js';

const nobody = 'postgres://nobody@127.0.0.1:1/nowhere';
const user = '0198c0de-0000-7000-8000-000000000001';

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
    for (const command of ['migrate', 'db', 'seed', 'token']) expect(said).toMatch(new RegExp(`^  ${command} `, 'm'));
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
    ['token', 'required option'],
    ['token --user me', 'Give a UUID'],
    [`token --user ${user} --expires never`, 'Give a whole number from 1.'],
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

describe('A token', () => {
  it('is one that the API of a development system takes', async () => {
    const { code, said } = await run(`token --user ${user} --role admin user --expires 60`);
    expect(code).toBe(0);
    const claims = jwt.verify(said.trim(), development.jwtPublicKey, {
      algorithms: ['ES256'],
      issuer: tokenIssuer,
      audience: tokenAudience,
    }) as jwt.JwtPayload;
    expect(claims).toMatchObject({ sub: user, roles: ['admin', 'user'] });
    expect((claims.exp as number) - (claims.iat as number)).toBe(60);
  });
});
