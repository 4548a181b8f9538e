import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsString } from 'class-validator';

import { AtMost, Example, InvalidMessage, Trimmed, type Wire } from '#kernel';
import { Authenticated, Public, Roles } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  ActivateAccount,
  DeactivateAccount,
  DeleteAccount,
  NothingToUpdate,
  RegisterUser,
  UpdateAccount,
  UserNotFound,
  VerifyUser,
} from '../../contract/index.js';
import { AccountView } from '../../read-models/account-views.js';
import { AccountListPage, AccountQueries } from '../../read-models/account.queries.js';
import { account, granted } from './account-resource.js';
import { NewAccount, Registration, SendsRegistration } from './registration.js';

class AccountChanges extends PickType(UpdateAccount, ['email', 'username', 'name'] as const) {}

class WholeAccount extends PickType(RegisterUser, ['email', 'username'] as const) {
  /** Empty only where there is none. */
  @Trimmed()
  @IsString({ message: 'the name must be a text', context: { reason: 'name_required' } })
  @AtMost('name', 100)
  @Example('Ada Lovelace')
  readonly name!: string;
}

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly commands: Commands,
    private readonly registration: Registration,
    private readonly accounts: AccountQueries,
  ) {}

  @Post()
  @Public()
  @SendsRegistration('Register: the same as POST /auth/register')
  create(@Body() body: NewAccount, @NewId('userId') userId: string) {
    return this.registration.send(body, userId);
  }

  @Get()
  @Roles('admin')
  @ApiBearerAuth()
  @Lists(AccountView, AccountListPage, {
    summary: 'All users, newest first unless sorted otherwise: for administrators',
    description: '`q` is a part of the e-mail address, the user name or the name, in capitals or not.',
  })
  list(@Query() page: AccountListPage): Promise<Paged<Wire<AccountView>>> {
    return this.accounts.list(page);
  }

  @Get(':user_id')
  @Authenticated()
  @ApiBearerAuth()
  @Reads(AccountView, { phase: granted, summary: 'One user: yourself, or for administrators anybody' })
  async byId(@Param('user_id', UuidPipe) userId: string, @Me() me: AuthenticatedUser): Promise<Wire<AccountView>> {
    const found = await this.accounts.byId(userId, me);
    if (!found) throw new UserNotFound(userId);
    return found;
  }

  @Patch(':user_id')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(UpdateAccount, {
    body: AccountChanges,
    reads: account,
    summary: 'Change the fields that are given',
    description: 'A new e-mail address is not verified.',
  })
  update(@Param('user_id', UuidPipe) userId: string, @Body() body: AccountChanges) {
    if (Object.keys(body).length === 0) throw new NothingToUpdate();
    return this.commands.send(new UpdateAccount({ ...body, userId }));
  }

  @Put(':user_id')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(UpdateAccount, { body: WholeAccount, reads: account, summary: 'Change e-mail address, user name and name' })
  async replace(
    @Param('user_id', UuidPipe) userId: string,
    @Body() { name, ...body }: WholeAccount,
    @Me() me: AuthenticatedUser,
  ) {
    if (name === '' && (await this.accounts.byId(userId, me))?.name !== '') throw nameRequired();
    // Whoever has none sends it back as it was read.
    return this.commands.send(new UpdateAccount({ ...body, name: name || undefined, userId }));
  }

  @Delete(':user_id')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(DeleteAccount, {
    deletes: true,
    summary: 'Delete a user: yourself, or for administrators anybody',
    description: 'All sessions end, and everything personal that was stored becomes unreadable. It cannot be undone.',
  })
  delete(@Param('user_id', UuidPipe) userId: string) {
    return this.commands.send(new DeleteAccount({ userId }));
  }

  @Post(':user_id/activate')
  @Roles('admin')
  @ApiBearerAuth()
  @Sends(ActivateAccount, { reads: account, summary: 'Let somebody sign in again' })
  activate(@Param('user_id', UuidPipe) userId: string) {
    return this.commands.send(new ActivateAccount({ userId }));
  }

  @Post(':user_id/deactivate')
  @Authenticated()
  @ApiBearerAuth()
  @Sends(DeactivateAccount, {
    reads: account,
    summary: 'Let somebody sign in no more: yourself, or for administrators anybody',
    description: 'All sessions end, and access tokens are good for nothing within seconds.',
  })
  deactivate(@Param('user_id', UuidPipe) userId: string) {
    return this.commands.send(new DeactivateAccount({ userId }));
  }

  @Post(':user_id/verify')
  @Roles('admin')
  @ApiBearerAuth()
  @Sends(VerifyUser, { reads: account, summary: 'Vouch for an e-mail address' })
  verify(@Param('user_id', UuidPipe) userId: string) {
    return this.commands.send(new VerifyUser({ userId }));
  }
}

const nameRequired = (): InvalidMessage =>
  new InvalidMessage([
    { pointer: '/name', reason: 'name_required', message: 'the name must be a text that is not blank' },
  ]);
