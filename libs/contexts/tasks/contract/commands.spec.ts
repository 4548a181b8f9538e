import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, toWire, type Class } from '#kernel';

import * as contract from './index.js';
import { builtInCategories, CreateCategory, CreateTask, TaskUpdated, UpdateCategory, UpdateTask } from './index.js';

const id = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';

const judge =
  <T extends object>(type: Class<T>, valid: object) =>
  (fields: object): string => {
    try {
      decode(type, { ...valid, ...fields });
      return 'taken';
    } catch (error) {
      return (error as InvalidMessage).reason;
    }
  };

const newTask = judge(CreateTask, { task_id: id, user_id: userId, title: 'Pack the hospital bag' });
const taskChange = judge(UpdateTask, { task_id: id, user_id: userId });
const newCategory = judge(CreateCategory, { category_id: id, owner_id: userId, name: 'Household' });
const categoryChange = judge(UpdateCategory, { category_id: id, user_id: userId });

describe.each([
  ['a task to be created', newTask],
  ['a change of a task', taskChange],
])('The title of %s', (_, reasonFor) => {
  it('has 1 to 255 characters, without the space around it', () => {
    expect(reasonFor({ title: 'x' })).toBe('taken');
    expect(reasonFor({ title: '' })).toBe('title_required');
    expect(reasonFor({ title: '  \n\u00a0' })).toBe('title_required');
    expect(reasonFor({ title: 'x'.repeat(256) })).toBe('title_too_long');
    expect(reasonFor({ title: ` ${'x'.repeat(255)} ` })).toBe('taken');
    expect(reasonFor({ title: '😀'.repeat(255) })).toBe('taken');
  });

  it.each([5, null, true, ['x'], { x: 1 }])('is a text, not %o, for one reason', (title) => {
    expect(reasonFor({ title })).toBe('title_required');
  });
});

describe.each([
  ['a task to be created', newTask],
  ['a change of a task', taskChange],
])('The rest of %s', (_, reasonFor) => {
  it('has a description of at most 5,000 characters, kept as it is', () => {
    expect(reasonFor({ description: '' })).toBe('taken');
    expect(reasonFor({ description: ' x '.repeat(1666) })).toBe('taken');
    expect(reasonFor({ description: 'x'.repeat(5001) })).toBe('max_length');
  });

  it('has one of the priorities that there are', () => {
    expect(reasonFor({ priority: 'urgent' })).toBe('taken');
    expect(reasonFor({ priority: 'whenever' })).toBe('priority_unknown');
    expect(reasonFor({ priority: null })).toBe('priority_unknown');
  });

  it('has a category that may be one', () => {
    expect(reasonFor({ category_id: id })).toBe('taken');
    expect(reasonFor({ category_id: 'work' })).toBe('is_uuid');
  });

  it.each(['2026-03-05T09:30:00Z', '2026-03-05T09:30:00.123+02:00', '2026-03-05'])('may be due at %s', (dueDate) => {
    expect(reasonFor({ due_date: dueDate })).toBe('taken');
  });

  // ISO 8601 knows forms that a Date does not: such a value would be a fault of the handler, and block its lane.
  it.each([
    '2026-W10-1',
    '2026-045',
    '20260305',
    '+12026-03-05',
    '2026-02-30',
    '2026-03-05T10Z',
    'tomorrow',
    '9999-12-31T23:59:59-12:00',
    '0001-01-01T00:00:00+14:00',
  ])('is not due at %s, which is no date here', (dueDate) => {
    expect(reasonFor({ due_date: dueDate })).not.toBe('taken');
  });
});

describe('A task to be created', () => {
  it('has a title', () => {
    expect(newTask({ title: undefined })).toBe('title_required');
  });

  it('leaves out what it has not, instead of saying null', () => {
    expect(newTask({ category_id: null })).toBe('is_uuid');
    expect(newTask({ due_date: null })).toBe('is_time');
  });
});

describe('A change of a task', () => {
  it('clears the category and the due date by null, and nothing else', () => {
    expect(taskChange({ category_id: null, due_date: null })).toBe('taken');
    expect(taskChange({ description: null })).not.toBe('taken');
  });
});

describe.each([
  ['A category to be created', newCategory],
  ['A change of a category', categoryChange],
])('%s', (_, reasonFor) => {
  it('has a name of 1 to 100 characters, without the space around it', () => {
    expect(reasonFor({ name: ` ${'x'.repeat(100)}\t` })).toBe('taken');
    expect(reasonFor({ name: ' ' })).toBe('name_required');
    expect(reasonFor({ name: 'x'.repeat(101) })).toBe('name_too_long');
  });

  it('has a description of at most 1,000 characters', () => {
    expect(reasonFor({ description: 'x'.repeat(1000) })).toBe('taken');
    expect(reasonFor({ description: 'x'.repeat(1001) })).toBe('max_length');
  });

  it.each(['#000000', '#2E7D32', '#abcdef'])('may have the color %s', (color) => {
    expect(reasonFor({ color })).toBe('taken');
  });

  it.each(['red', '#fff', '2E7D32', '#2E7D3G', '#2E7D32\n', ' #2E7D32', '#2E7D3200', '', null, 0])(
    'cannot have the color %j',
    (color) => {
      expect(reasonFor({ color })).toBe('color_invalid');
    },
  );
});

describe('A built-in category', () => {
  it.each(builtInCategories)('is taken as it stands: $name', (command) => {
    expect(decode(CreateCategory, toWire(command))).toEqual(command);
  });
});

describe('An updated task', () => {
  it('names what changed, in texts only', () => {
    const updated = judge(TaskUpdated, {
      task_id: id,
      user_id: userId,
      title: 'Pack both bags',
      description: '',
      priority: 'low',
      status: 'pending',
      updated_at: '2026-03-01T10:00:00.000Z',
    });
    expect(updated({ changed: ['title'] })).toBe('taken');
    expect(updated({ changed: 'title' })).not.toBe('taken');
    expect(updated({ changed: [1] })).not.toBe('taken');
  });
});

describe('The messages', () => {
  const classes = (Object.values(contract) as unknown[]).filter(
    (value): value is Class<object> => typeof value === 'function' && declaredFields(value as Class<object>).length > 0,
  );
  const nameOf = (type: Class<object>): string => {
    try {
      return commandType(type).name;
    } catch {
      return eventType(type).name;
    }
  };

  it('keep the names that they have on the wire', () => {
    expect(classes.map(nameOf).sort()).toEqual([
      'category.created.v1',
      'category.deleted.v1',
      'category.updated.v1',
      'task.cancelled.v1',
      'task.completed.v1',
      'task.created.v1',
      'task.deleted.v1',
      'task.due_soon.v1',
      'task.reopened.v1',
      'task.started.v1',
      'task.updated.v1',
      'tasks.cancel_task.v1',
      'tasks.complete_task.v1',
      'tasks.create_category.v1',
      'tasks.create_task.v1',
      'tasks.delete_category.v1',
      'tasks.delete_task.v1',
      'tasks.remind_of_due_date.v1',
      'tasks.reopen_task.v1',
      'tasks.start_task.v1',
      'tasks.update_category.v1',
      'tasks.update_task.v1',
    ]);
  });
});
