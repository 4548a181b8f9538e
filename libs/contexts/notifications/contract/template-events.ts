import { IsArray, IsBoolean, IsIn, IsObject, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message } from '#kernel';

import { Channels, Topics, type Channel, type Topic } from './vocabulary.js';

@Event('notification_template.created.v1', 'templateId')
export class TemplateCreated extends Message<TemplateCreated> {
  @IsUUID() readonly templateId!: string;
  @IsString() @Example('maintenance') readonly name!: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @IsIn(Topics) @Example('account') readonly topic!: Topic;
  @IsString() @Example('The service rests on {{day}}') readonly subject!: string;
  @IsString() @Example('Hello {{username}}, come back later.') readonly body!: string;
  @IsObject() @Example({ day: 'the day, in words' }) readonly variables!: Readonly<Record<string, string>>;
}

/** The whole template as it is now, and the wire names of the fields that changed. */
@Event('notification_template.updated.v1', 'templateId')
export class TemplateUpdated extends Message<TemplateUpdated> {
  @IsUUID() readonly templateId!: string;
  @IsString() @Example('maintenance') readonly name!: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @IsIn(Topics) @Example('account') readonly topic!: Topic;
  @IsString() @Example('The service rests on {{day}}') readonly subject!: string;
  @IsString() @Example('Hello {{username}}, come back later.') readonly body!: string;
  @IsObject() @Example({ day: 'the day, in words' }) readonly variables!: Readonly<Record<string, string>>;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  @IsTime() readonly updatedAt!: string;
  @IsArray() @IsString({ each: true }) @Example(['body']) readonly changed!: readonly string[];
}

@Event('notification_template.deactivated.v1', 'templateId')
export class TemplateDeactivated extends Message<TemplateDeactivated> {
  @IsUUID() readonly templateId!: string;
  @IsString() @Example('maintenance') readonly name!: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @IsTime() readonly deactivatedAt!: string;
}
