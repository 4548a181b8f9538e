import { IsArray, IsInt, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message } from '#kernel';

/** A program that may sign in by itself, as administrators see it. */
export class ServiceClientView extends Message<ServiceClientView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(1) readonly version!: number;
  @IsString() @Example('Web shop') readonly name!: string;
  @IsArray() @IsString({ each: true }) @Example(['service']) readonly roles!: readonly string[];
  @IsTime() readonly createdAt!: Date;
}

/** A new one, with what it signs in with. */
export class IssuedServiceClient extends ServiceClientView {
  /** The same as `id`. */
  @IsUUID() readonly clientId!: string;
  /** Shown here only. */
  @IsString() @Example('G2WqJ0m9vKkCqQpY0P1mT1N4oI9oVb3mU8XcZr5tWnA') readonly clientSecret!: string;
}
