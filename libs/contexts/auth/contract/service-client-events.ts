import { IsArray, IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, Message, Secret } from '#kernel';

import { Roles, type Role } from './vocabulary.js';

@Event('service_client.created.v1', 'clientId')
export class ServiceClientCreated extends Message<ServiceClientCreated> {
  @IsUUID() readonly clientId!: string;
  @IsString() @Example('Web shop') readonly name!: string;
  @IsArray() @IsIn(Roles, { each: true }) @Example(['service']) readonly roles!: readonly Role[];
}

@Event('service_client.credentials_set.v1', 'clientId', { private: true })
export class ServiceClientCredentialsSet extends Message<ServiceClientCredentialsSet> {
  @IsUUID() readonly clientId!: string;
  @Secret() @IsString() readonly secretHash!: string;
}

@Event('service_client.revoked.v1', 'clientId')
export class ServiceClientRevoked extends Message<ServiceClientRevoked> {
  @IsUUID() readonly clientId!: string;
}
