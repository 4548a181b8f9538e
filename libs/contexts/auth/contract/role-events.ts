import { IsIn, IsUUID } from 'class-validator';

import { Event, Example, Message } from '#kernel';

import { Roles, type Role } from './vocabulary.js';

@Event('user.role_granted.v1', 'rolesId', { subject: 'userId' })
export class UserRoleGranted extends Message<UserRoleGranted> {
  @IsUUID() readonly rolesId!: string;
  @IsUUID() readonly userId!: string;
  @IsIn(Roles) @Example('analyst') readonly role!: Role;
}

@Event('user.role_revoked.v1', 'rolesId', { subject: 'userId' })
export class UserRoleRevoked extends Message<UserRoleRevoked> {
  @IsUUID() readonly rolesId!: string;
  @IsUUID() readonly userId!: string;
  @IsIn(Roles) @Example('analyst') readonly role!: Role;
}
