import { IsBoolean, IsIn, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message } from '#kernel';

import { Channels, Topics, type Channel, type Topic } from '../contract/index.js';

/** A template as it is shown. */
export class TemplateView extends Message<TemplateView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(1) readonly version!: number;
  @IsString() @Example('maintenance') readonly name!: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @IsIn(Topics) @Example('account') readonly topic!: Topic;
  @IsString() @Example('The service rests on {{day}}') readonly subject!: string;
  @IsString() @Example('Hello {{username}}, come back later.') readonly body!: string;
  /** What the variables mean, by name. */
  @IsObject() @Example({ day: 'the day, in words' }) readonly variables!: Readonly<Record<string, string>>;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
}
