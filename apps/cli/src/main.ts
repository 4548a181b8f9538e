import 'reflect-metadata';

import { randomUUID } from 'node:crypto';

import { isUUID } from 'class-validator';
import { Command } from 'commander';
import jwt from 'jsonwebtoken';

import { tokenAudience, tokenIssuer } from '#platform/auth/authenticated-user.js';
import { developmentSigningKey } from '#platform/config/development.js';
import { DatabaseSettings, InvalidSettings, loadSettings } from '#platform/config/settings.js';
import { migrate } from '#platform/database/migrate.js';

import { migrations } from './migrations.js';

const program = new Command('contextflow').description('Operates ContextFlow: its schema and its access tokens.');

program
  .command('migrate')
  .description('bring the database schema up to date; safe to run from several places at once')
  .action(async () => {
    const { databaseUrl } = loadSettings(DatabaseSettings);
    const ran = await migrate(databaseUrl, migrations);
    process.stdout.write(ran.length > 0 ? `migrated: ${ran.join(', ')}\n` : 'the schema is up to date\n');
  });

program
  .command('token')
  .description('print an access token signed with the development key, which production refuses')
  .requiredOption('--user <id>', 'UUID of the user')
  .option('--role <role...>', 'roles that it carries', ['user'])
  .option('--expires <seconds>', 'how long it is good for', '86400')
  .action(({ user, role, expires }: { user: string; role: string[]; expires: string }) => {
    if (!isUUID(user)) throw new Error('--user must be a UUID');
    if (!(Number(expires) > 0)) throw new Error('--expires must be a number of seconds');
    const token = jwt.sign({ roles: role, jti: randomUUID() }, developmentSigningKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt' },
      subject: user,
      issuer: tokenIssuer,
      audience: tokenAudience,
      expiresIn: Number(expires),
    });
    process.stdout.write(`${token}\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof InvalidSettings) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`contextflow: ${(error as Error).message || String((error as { code?: string }).code)}\n`);
  process.exitCode = 1;
}
