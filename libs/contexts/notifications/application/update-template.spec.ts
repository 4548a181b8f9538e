import { describe, it } from '@jest/globals';

import { AdminOnly, TemplateUpdated, UpdateTemplate } from '../contract/index.js';
import { NothingToUpdate, TemplateNotFound, TemplateSyntaxInvalid } from '../domain/errors.js';
import { notificationsScenario, now, template, userId } from '../doubles/notifications-scenario.js';
import { TemplateRow } from '../read-models/template.entity.js';

const { templateId } = template.byMail;
const update = (changes: Partial<UpdateTemplate>) => new UpdateTemplate({ ...changes, templateId });
const updated = (changes: Partial<TemplateUpdated>, ...changed: string[]) =>
  new TemplateUpdated({ ...template.byMail, isActive: true, updatedAt: now, changed, ...changes });
const existing = () => notificationsScenario().given(template.byMail);

describe('Changing a template', () => {
  it('tells the whole template as it is now, and what changed', () =>
    existing()
      .when(update({ body: 'Done: {{title}}', topic: 'tasks' }))
      .then(updated({ body: 'Done: {{title}}' }, 'body')));

  it('is shown', () =>
    existing()
      .when(update({ subject: 'Done' }))
      .thenRow(TemplateRow, templateId, { subject: 'Done', body: template.byMail.body, version: 2 }));

  it('to what it is already changes nothing', () =>
    existing()
      .when(update({ subject: template.byMail.subject, isActive: true }))
      .thenNothing());

  it('may deactivate it', () =>
    existing()
      .when(update({ isActive: false }))
      .then(template.deactivated));

  it('may do both', () =>
    existing()
      .when(update({ subject: 'Done', isActive: false }))
      .then(updated({ subject: 'Done' }, 'subject'), template.deactivated));

  it('may activate it again', () =>
    existing()
      .given(template.deactivated)
      .when(update({ isActive: true }))
      .then(updated({}, 'is_active')));

  it('leaves one that is not active so', () =>
    existing()
      .given(template.deactivated)
      .when(update({ subject: 'Done' }))
      .thenRow(TemplateRow, templateId, { subject: 'Done', isActive: false }));

  it('is rejected when a variable that is used would not be explained any more', () =>
    existing()
      .when(update({ variables: { title: 'title of the task' } }))
      .thenRejected(TemplateSyntaxInvalid));

  it('needs a field to change', () => existing().when(update({})).thenRejected(NothingToUpdate));

  it('is rejected when there is none', () =>
    notificationsScenario()
      .when(update({ subject: 'Done' }))
      .thenRejected(TemplateNotFound));

  it('is for administrators', () =>
    existing()
      .by(userId, 'user')
      .when(update({ subject: 'Done' }))
      .thenRejected(AdminOnly));
});
