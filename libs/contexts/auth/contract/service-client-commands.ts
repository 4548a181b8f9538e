import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsString, IsUUID, Length } from 'class-validator';

import { Command, Example, Message, Optional, Secret, ShortText } from '#kernel';

import { KnownRoles } from './fields.js';
import { Roles, type Role } from './vocabulary.js';

@Command('auth.create_service_client.v1', 'clientId')
export class CreateServiceClient extends Message<CreateServiceClient> {
  @IsUUID() readonly clientId!: string;
  @ShortText('name', 100) @Example('Web shop') readonly name!: string;
  /** `service` unless said. */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(Roles.length)
  @ArrayUnique()
  @KnownRoles()
  @Example(['service'])
  readonly roles?: readonly Role[];
  @Secret() @IsString() @Length(20, 255) readonly secretHash!: string;
}

@Command('auth.revoke_service_client.v1', 'clientId')
export class RevokeServiceClient extends Message<RevokeServiceClient> {
  @IsUUID() readonly clientId!: string;
}
