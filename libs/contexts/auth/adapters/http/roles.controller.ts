import { Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';

import { Roles } from '#platform/auth/access-policy.js';
import { Commands } from '#platform/commands/commands.js';
import { Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  GrantRole,
  isRole,
  RevokeRole,
  Roles as roles,
  rolesId,
  RoleUnknown,
  type Role,
} from '../../contract/index.js';

const ApiRole = (): MethodDecorator => ApiParam({ name: 'role', enum: roles });

@ApiTags('auth')
@ApiBearerAuth()
@Roles('admin')
@Controller('auth/users/:user_id/roles/:role')
export class RolesController {
  constructor(private readonly commands: Commands) {}

  @Post()
  @ApiRole()
  @Sends(GrantRole, {
    deletes: true,
    summary: 'Grant a role',
    description: 'Tokens that are issued from now on carry it: the user need not sign in again, but refresh.',
  })
  grant(@Param('user_id', UuidPipe) userId: string, @Param('role') role: string) {
    return this.commands.send(new GrantRole({ rolesId, userId, role: known(role) }));
  }

  @Delete()
  @ApiRole()
  @Sends(RevokeRole, {
    deletes: true,
    summary: 'Revoke a role',
    description:
      'Access tokens that carry it are good for nothing within seconds. There is always an administrator left.',
  })
  revoke(@Param('user_id', UuidPipe) userId: string, @Param('role') role: string) {
    return this.commands.send(new RevokeRole({ rolesId, userId, role: known(role) }));
  }
}

/** @throws RoleUnknown */
function known(role: string): Role {
  if (isRole(role)) return role;
  throw new RoleUnknown();
}
