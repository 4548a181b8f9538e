import { IsBoolean, IsUUID } from 'class-validator';

import { Command, Example, Message, Optional } from '#kernel';

import { KnownChannel, KnownTopic, Line, Prose, TemplateName, Texts } from './fields.js';
import type { Channel, Topic } from './vocabulary.js';

/** In subject and body, `{{name}}` stands for the value of a variable. */
@Command('notifications.create_template.v1', 'templateId')
export class CreateTemplate extends Message<CreateTemplate> {
  /** That of name and channel. */
  @IsUUID() readonly templateId!: string;
  @TemplateName() @Example('maintenance') readonly name!: string;
  @KnownChannel() @Example('email') readonly channel!: Channel;
  @KnownTopic() @Example('account') readonly topic!: Topic;
  @Line('subject', 200) @Example('The service rests on {{day}}') readonly subject!: string;
  @Prose('body', 5000)
  @Example('Hello {{username}}, from 22:00 to 22:15 UTC nobody can sign in.')
  readonly body!: string;
  /** What the variables mean, by name. */
  @Texts('variables', 200)
  @Example({ username: 'user name of the recipient', day: 'the day, in words' })
  readonly variables!: Readonly<Record<string, string>>;
}

/** What is absent stays as it is. */
@Command('notifications.update_template.v1', 'templateId')
export class UpdateTemplate extends Message<UpdateTemplate> {
  @IsUUID() readonly templateId!: string;
  @Optional() @KnownTopic() @Example('account') readonly topic?: Topic;
  @Optional() @Line('subject', 200) @Example('The service rests on {{day}}') readonly subject?: string;
  @Optional() @Prose('body', 5000) @Example('Hello {{username}}, come back later.') readonly body?: string;
  @Optional()
  @Texts('variables', 200)
  @Example({ username: 'user name of the recipient', day: 'the day, in words' })
  readonly variables?: Readonly<Record<string, string>>;
  /** Nothing is said by a template that is not active. */
  @Optional() @IsBoolean() @Example(true) readonly isActive?: boolean;
}
