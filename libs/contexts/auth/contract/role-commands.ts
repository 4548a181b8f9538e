import { IsIn, IsUUID } from 'class-validator';

import { Command, Example, Message } from '#kernel';

import { KnownRole } from './fields.js';
import { rolesId, type Role } from './vocabulary.js';

/** `rolesId` is the constant of that name. */
@Command('auth.grant_role.v1', 'rolesId', { subject: 'userId' })
export class GrantRole extends Message<GrantRole> {
  @IsUUID() @IsIn([rolesId]) readonly rolesId!: string;
  @IsUUID() readonly userId!: string;
  @KnownRole() @Example('analyst') readonly role!: Role;
}

/** `rolesId` is the constant of that name. */
@Command('auth.revoke_role.v1', 'rolesId', { subject: 'userId' })
export class RevokeRole extends Message<RevokeRole> {
  @IsUUID() @IsIn([rolesId]) readonly rolesId!: string;
  @IsUUID() readonly userId!: string;
  @KnownRole() @Example('analyst') readonly role!: Role;
}
