import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { violatedConstraint } from '#platform/database/errors.js';
import { Cursors } from '#platform/http/cursors.js';

import { TemplateCreated, TemplateDeactivated, templateIdOf, type Channel } from '../contract/index.js';
import { RecordedNotifications } from '../doubles/recorded-notifications.js';
import { TemplateQueries, type TemplateListPage } from './template.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const later = '2026-03-02T10:00:00.000Z';

let recorded: RecordedNotifications;
let templates: TemplateQueries;

const text = { topic: 'labour', subject: 'It begins', body: '{{who}} …', variables: { who: 'the person' } } as const;
const created = (name: string, channel: Channel, templateId = templateIdOf(name, channel)): TemplateCreated =>
  new TemplateCreated({ templateId, name, channel, ...text });

beforeAll(async () => {
  recorded = await RecordedNotifications.create();
  templates = new TemplateQueries(recorded.reading, new Cursors('a secret'));
  await recorded.happened(at, created('begun', 'sms'), created('begun', 'email'), created('ended', 'email'));
  const templateId = templateIdOf('ended', 'email');
  await recorded.happened(
    later,
    new TemplateDeactivated({ templateId, name: 'ended', channel: 'email', deactivatedAt: later }),
  );
});
afterAll(() => recorded?.remove());

const listed = async (page: Partial<TemplateListPage> = {}): Promise<string[]> =>
  (await templates.list(page)).items.map(({ name, channel }) => `${name}/${channel}`);

describe('A template', () => {
  it('is shown whole', async () => {
    const id = templateIdOf('ended', 'email');
    expect(await templates.byId(id)).toEqual({
      id,
      version: 2,
      name: 'ended',
      channel: 'email',
      ...text,
      is_active: false,
      created_at: new Date(at),
      updated_at: new Date(later),
    });
    expect(await templates.byId(templateIdOf('ended', 'sms'))).toBeUndefined();
  });

  it('of a name and channel is there once', async () => {
    const again = recorded.happened(at, created('begun', 'sms', '0196a1de-0000-7000-8000-000000000001'));
    await expect(again.catch((error) => violatedConstraint(error)?.constraint)).resolves.toBe('templates_name_channel');
  });
});

describe('The list of templates', () => {
  it('is sorted by name and channel', async () => {
    expect(await listed()).toEqual(['begun/email', 'begun/sms', 'ended/email']);
    expect(await listed({ sort: '-name' })).toEqual(['ended/email', 'begun/sms', 'begun/email']);
  });

  it('goes on where a page ended', async () => {
    const first = await templates.list({ limit: 2 });
    expect(await listed({ limit: 2, cursor: first.next_cursor ?? '' })).toEqual(['ended/email']);
  });

  it('is filtered by channel, and by what is active', async () => {
    expect(await listed({ channel: ['sms'] })).toEqual(['begun/sms']);
    expect(await listed({ isActive: false })).toEqual(['ended/email']);
    expect(await listed({ isActive: true, channel: ['email'] })).toEqual(['begun/email']);
  });
});
