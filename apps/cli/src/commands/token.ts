import { randomUUID } from 'node:crypto';

import { isUUID } from 'class-validator';
import { InvalidArgumentError, type Command } from 'commander';
import jwt from 'jsonwebtoken';

import { tokenAudience, tokenIssuer } from '#platform/auth/authenticated-user.js';
import { developmentSigningKey } from '#platform/config/development.js';

import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';

export function addToken(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .helpGroup('Development:')
    .description('print an access token signed with the development key, which production refuses')
    .requiredOption('--user <id>', 'UUID of the user', userId)
    .option('--role <role...>', 'roles that it carries', ['user'])
    .option('--expires <seconds>', 'how long it is good for', positive, 86_400)
    .action(({ user, role, expires }: { user: string; role: string[]; expires: number }) => {
      terminal.say(
        jwt.sign({ roles: role, jti: randomUUID() }, developmentSigningKey, {
          algorithm: 'ES256',
          header: { alg: 'ES256', typ: 'at+jwt' },
          subject: user,
          issuer: tokenIssuer,
          audience: tokenAudience,
          expiresIn: expires,
        }),
      );
    });
}

function userId(text: string): string {
  if (!isUUID(text)) throw new InvalidArgumentError('Give a UUID, such as 0198c0de-0000-7000-8000-000000000001.');
  return text;
}
