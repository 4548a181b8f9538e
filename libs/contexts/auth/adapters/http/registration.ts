import { Injectable } from '@nestjs/common';
import { IntersectionType, PickType } from '@nestjs/mapped-types';
import { IsString } from 'class-validator';

import { Example } from '#kernel';
import { Commands, type Accepted } from '#platform/commands/commands.js';
import { Sends } from '#platform/http/sends.decorator.js';

import { RegisterUser, UpdateAccount } from '../../contract/index.js';
import { PasswordHashes } from '../passwords/password-hashes.js';
import { checkPassword } from '../passwords/password-rules.js';
import { defaultUsername } from '../user-names.js';
import { account } from './account-resource.js';

export class NewAccount extends IntersectionType(
  PickType(RegisterUser, ['email', 'name', 'firstName', 'lastName', 'phoneNumber'] as const),
  PickType(UpdateAccount, ['username'] as const),
) {
  /** 8 to 128 characters; none that everybody tries first. */
  @IsString() @Example('correct horse battery') readonly password!: string;
}

/** Documents either of the two routes that register. */
export const SendsRegistration = (summary: string): MethodDecorator =>
  Sends(RegisterUser, {
    body: NewAccount,
    reads: account,
    waits: 10,
    summary,
    description:
      'Needs no token, and waits for the outcome unless `Prefer: respond-async` is sent. Without a `username`, one is made ' +
      'from the e-mail address. `Idempotency-Key` must be a UUID here.',
  });

/** Registers people with a password. Only its hash leaves this process. */
@Injectable()
export class Registration {
  constructor(
    private readonly commands: Commands,
    private readonly hashes: PasswordHashes,
  ) {}

  /** @throws InvalidMessage what is wrong with the password; Problem 429 `too_many_sign_ins` */
  async send({ password, ...details }: NewAccount, userId: string): Promise<Accepted> {
    const username = details.username ?? defaultUsername(details.email, userId);
    checkPassword('/password', password, { email: details.email, username });
    const passwordHash = await this.hashes.hash(password);
    return this.commands.send(new RegisterUser({ ...details, username, userId, passwordHash }));
  }
}
