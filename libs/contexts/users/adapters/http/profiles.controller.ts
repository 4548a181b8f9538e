import { Body, Controller, Get, Param, Patch, Put } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import { taskFigures } from '#contexts/tasks/contract/index.js';
import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import { PersonalDataExport } from '#platform/http/personal-data.js';
import { notFound, type Problem } from '#platform/http/problem.js';
import { Reads } from '#platform/http/reads.decorator.js';
import { Me, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { UpdateProfile } from '../../contract/index.js';
import { DashboardQueries } from '../../read-models/dashboard.queries.js';
import { DashboardView, PersonalDataView, ProfileView } from '../../read-models/profile-views.js';
import { mayRead, ProfileQueries } from '../../read-models/profile.queries.js';
import { changes } from './changes.js';

class ProfileChanges extends PickType(UpdateProfile, ['firstName', 'lastName', 'bio', 'avatarUrl', 'phoneNumber']) {}

const profile = { view: ProfileView, queries: ProfileQueries };

const changing = {
  body: ProfileChanges,
  reads: profile,
  summary: 'Change a profile: the fields that are given',
  description: 'What is left out stays as it is; null clears. Yours, or for administrators anybody’s.',
};

@ApiTags('users')
@ApiBearerAuth()
@Authenticated()
@Controller('users/:user_id')
export class ProfilesController {
  constructor(
    private readonly commands: Commands,
    private readonly profiles: ProfileQueries,
    private readonly dashboards: DashboardQueries,
    private readonly personalData: PersonalDataExport,
  ) {}

  @Get('profile')
  @Reads(ProfileView, { summary: 'A profile: yours, or for administrators anybody’s' })
  async profile(@Param('user_id', UuidPipe) userId: string, @Me() me: AuthenticatedUser): Promise<Wire<ProfileView>> {
    const found = await this.profiles.byId(userId, me);
    if (!found) throw userNotFound(userId);
    return found;
  }

  @Patch('profile')
  @Sends(UpdateProfile, changing)
  change(@Param('user_id', UuidPipe) userId: string, @Body() body: ProfileChanges) {
    return this.commands.send(new UpdateProfile({ ...changes(body), userId }));
  }

  @Put('profile')
  @Sends(UpdateProfile, changing)
  put(@Param('user_id', UuidPipe) userId: string, @Body() body: ProfileChanges) {
    return this.commands.send(new UpdateProfile({ ...changes(body), userId }));
  }

  @Get('dashboard')
  @Reads(DashboardView, {
    summary: 'Who somebody is, and how their tasks stand',
    description:
      'Yours, or for administrators anybody’s. `recent_tasks` are the five that were created last. The figures follow the log, and may be a moment late: see `Consistency-Token`.',
    follows: [taskFigures],
  })
  async dashboard(
    @Param('user_id', UuidPipe) userId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<DashboardView>> {
    const found = await this.dashboards.of(userId, me);
    if (!found) throw userNotFound(userId);
    return found;
  }

  @Get('personal-data')
  @Reads(PersonalDataView, {
    summary: 'All that is kept of somebody, by context',
    description: 'Yours, or for administrators anybody’s. Secrets, such as the hash of a password, are left out.',
  })
  async export(
    @Param('user_id', UuidPipe) userId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<PersonalDataView>> {
    const data = mayRead(userId, me) ? await this.personalData.of(userId) : {};
    if (Object.keys(data).length === 0) throw userNotFound(userId);
    return { user_id: userId, exported_at: new Date(), data };
  }
}

const userNotFound = (id: string): Problem => notFound('user_not_found', `there is no user ${id}`);
