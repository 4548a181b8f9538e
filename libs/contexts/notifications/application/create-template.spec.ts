import { describe, it } from '@jest/globals';

import { AdminOnly, builtInTemplates, CreateTemplate, TemplateCreated, TemplateNameTaken } from '../contract/index.js';
import { TemplateSyntaxInvalid } from '../domain/errors.js';
import { notificationsScenario, template, userId } from '../doubles/notifications-scenario.js';
import { TemplateRow } from '../read-models/template.entity.js';

const create = new CreateTemplate({ ...template.byMail });

describe('Creating a template', () => {
  it('tells what will be said', () => notificationsScenario().when(create).then(template.byMail));

  it('is shown at once, and active', () =>
    notificationsScenario().when(create).thenRow(TemplateRow, create.templateId, { name: 'done', isActive: true }));

  it('is rejected when that channel has one of the name', () =>
    notificationsScenario().given(template.byMail).when(create).thenRejected(TemplateNameTaken));

  it('may have a name that another channel has', () =>
    notificationsScenario().given(template.inApp).when(create).then(template.byMail));

  it.each([
    'Hello {{username',
    'Hello username}}',
    'Hello {{Username}}',
    'Hello {{}}',
    'Hello {{#each tasks}}',
    'Hello {{nobody}}',
    'Hello {{{username}}}',
  ])('is rejected with %j', (body) =>
    notificationsScenario()
      .when(new CreateTemplate({ ...create, body }))
      .thenRejected(TemplateSyntaxInvalid),
  );

  it('is rejected with a subject that is wrong, too', () =>
    notificationsScenario()
      .when(new CreateTemplate({ ...create, subject: '{{nobody}}' }))
      .thenRejected(TemplateSyntaxInvalid));

  it('is for administrators', () => notificationsScenario().by(userId, 'user').when(create).thenRejected(AdminOnly));

  it.each(builtInTemplates)('makes $name', (command) =>
    notificationsScenario()
      .by('system', 'admin')
      .when(command)
      .then(new TemplateCreated({ ...command })),
  );
});
