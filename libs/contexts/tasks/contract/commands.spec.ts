import { describe, expect, it } from '@jest/globals';

import { decode, InvalidMessage } from '#kernel';

import { CreateTask } from './index.js';

const task = {
  task_id: '0196a1de-0000-7000-8000-000000000001',
  user_id: '0196a1de-0000-7000-8000-00000000000a',
  title: 'Pack the hospital bag',
};

const reasonFor = (fields: object): string => {
  try {
    decode(CreateTask, { ...task, ...fields });
    return 'taken';
  } catch (error) {
    return (error as InvalidMessage).reason;
  }
};

describe('A task to be created', () => {
  it('has a title of 1 to 255 characters, without the space around it', () => {
    expect(reasonFor({ title: '' })).toBe('title_required');
    expect(reasonFor({ title: '  \n' })).toBe('title_required');
    expect(reasonFor({ title: 'x'.repeat(256) })).toBe('title_too_long');
    expect(reasonFor({ title: ` ${'x'.repeat(255)} ` })).toBe('taken');
  });

  it('has one of the priorities that there are', () => {
    expect(reasonFor({ priority: 'urgent' })).toBe('taken');
    expect(reasonFor({ priority: 'whenever' })).toBe('priority_unknown');
  });

  it.each(['2026-03-05T09:30:00Z', '2026-03-05T09:30:00.123+02:00', '2026-03-05'])('may be due at %s', (dueDate) => {
    expect(reasonFor({ due_date: dueDate })).toBe('taken');
  });

  // ISO 8601 knows forms that a Date does not: such a value would be a fault of the handler, and block its lane.
  it.each(['2026-W10-1', '2026-045', '20260305', '+12026-03-05', '2026-02-30', '2026-03-05T10Z', 'tomorrow'])(
    'is not due at %s, which is no date here',
    (dueDate) => {
      expect(reasonFor({ due_date: dueDate })).not.toBe('taken');
    },
  );
});
