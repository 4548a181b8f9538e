import { fold, on, projection } from '#kernel';

import { TemplateCreated, TemplateDeactivated, TemplateNameTaken, TemplateUpdated } from '../contract/index.js';
import { TemplateRow } from './template.entity.js';

const details = ({ name, channel, topic, subject, body, variables }: TemplateCreated | TemplateUpdated) => ({
  name,
  channel,
  topic,
  subject,
  body,
  variables,
});

export const templates = projection('notifications.templates', TemplateRow, {
  inline: true,
  unique: { templates_name_channel: () => new TemplateNameTaken() },
  fold: fold(
    on(TemplateCreated, (_, created, { occurredAt }) => ({
      id: created.templateId,
      ...details(created),
      isActive: true,
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })),
    on(TemplateUpdated, (row, updated, { occurredAt }) => ({
      ...row,
      ...details(updated),
      isActive: updated.isActive,
      updatedAt: occurredAt,
    })),
    on(TemplateDeactivated, (row, _, { occurredAt }) => ({ ...row, isActive: false, updatedAt: occurredAt })),
  ),
});
