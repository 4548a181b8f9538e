import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import { phaseOf } from '#platform/http/preconditions.js';
import { notFound } from '#platform/http/problem.js';
import { Reads } from '#platform/http/reads.decorator.js';
import { Me, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { RegisterBirthingPerson } from '../../contract/index.js';
import { BirthingPersonQueries } from '../../read-models/birthing-person.queries.js';
import { BirthingPersonView } from '../../read-models/labour-views.js';

/** Names of those who follow change without a new version of whom they follow. */
const shown = ({ subscribers }: Wire<BirthingPersonView>): string | undefined =>
  subscribers.length > 0 ? phaseOf(...subscribers.flatMap(({ id, name }) => [id, name])) : undefined;

const birthingPerson = { view: BirthingPersonView, queries: BirthingPersonQueries, phase: shown };

@ApiTags('birthing-persons')
@ApiBearerAuth()
@Authenticated()
@Controller('birthing-persons')
export class BirthingPeopleController {
  constructor(
    private readonly commands: Commands,
    private readonly people: BirthingPersonQueries,
  ) {}

  @Post()
  @Sends(RegisterBirthingPerson, { reads: birthingPerson, summary: 'Register as somebody who will give birth' })
  register(@Me() me: AuthenticatedUser) {
    return this.commands.send(new RegisterBirthingPerson({ birthingPersonId: me.id }));
  }

  @Get('me')
  @Reads(BirthingPersonView, { phase: shown, summary: 'Your names, your labours, and who follows you' })
  me(@Me() me: AuthenticatedUser): Promise<Wire<BirthingPersonView>> {
    return this.byId(me.id, me);
  }

  @Get(':birthing_person_id')
  @Reads(BirthingPersonView, { phase: shown, summary: 'A birthing person: yourself, or for administrators anybody' })
  async byId(
    @Param('birthing_person_id', UuidPipe) id: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<BirthingPersonView>> {
    const found = await this.people.byId(id, me);
    if (!found) throw notFound('birthing_person_not_found', `${id} is not registered as a birthing person`);
    return found;
  }
}
