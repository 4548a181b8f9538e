import { Aggregate, fold, on, snakeCase } from '#kernel';

import {
  TemplateCreated,
  TemplateDeactivated,
  TemplateUpdated,
  type Channel,
  type CreateTemplate,
  type Topic,
  type UpdateTemplate,
} from '../contract/index.js';
import { assertInCharge, type Asker } from './asker.js';
import { NothingToUpdate, TemplateNotFound } from './errors.js';
import { assertSyntax } from './template-text.js';

/** What an update may change. */
interface TemplateDetails {
  readonly topic: Topic;
  readonly subject: string;
  readonly body: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface TemplateState extends TemplateDetails {
  readonly name: string;
  readonly channel: Channel;
  readonly isActive: boolean;
}

export class Template extends Aggregate<TemplateState> {
  static readonly streamType = 'notifications.template';
  static readonly NotFound = TemplateNotFound;

  protected readonly evolve = fold<TemplateState>(
    on(TemplateCreated, (_, { name, channel, topic, subject, body, variables }) => ({
      name,
      channel,
      topic,
      subject,
      body,
      variables,
      isActive: true,
    })),
    on(TemplateUpdated, (template, { topic, subject, body, variables, isActive }) => ({
      ...template,
      topic,
      subject,
      body,
      variables,
      isActive,
    })),
    on(TemplateDeactivated, (template) => ({ ...template, isActive: false })),
  );

  open({ name, channel, topic, subject, body, variables }: CreateTemplate, asker: Asker): void {
    assertInCharge(asker);
    assertWritten({ topic, subject, body, variables });
    this.record(new TemplateCreated({ templateId: this.id, name, channel, topic, subject, body, variables }));
  }

  update({ topic, subject, body, variables, isActive }: UpdateTemplate, asker: Asker, at: Date): void {
    assertInCharge(asker);
    const wanted = { topic, subject, body, variables, isActive };
    if (Object.values(wanted).every((value) => value === undefined)) throw new NothingToUpdate();
    const { name, channel, ...before } = this.state;
    const after = {
      topic: topic ?? before.topic,
      subject: subject ?? before.subject,
      body: body ?? before.body,
      variables: variables ?? before.variables,
      isActive: before.isActive || isActive === true,
    };
    assertWritten(after);
    const changed = (Object.keys(after) as (keyof typeof after)[]).filter(
      (field) => JSON.stringify(after[field]) !== JSON.stringify(before[field]),
    );
    const identity = { templateId: this.id, name, channel };
    if (changed.length > 0)
      this.record(
        new TemplateUpdated({
          ...identity,
          ...after,
          updatedAt: at.toISOString(),
          changed: changed.map(snakeCase),
        }),
      );
    if (isActive === false && before.isActive)
      this.record(new TemplateDeactivated({ ...identity, deactivatedAt: at.toISOString() }));
  }
}

function assertWritten({ subject, body, variables }: TemplateDetails): void {
  for (const text of [subject, body]) assertSyntax(text, variables);
}
