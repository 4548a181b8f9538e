import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { plan } from './mapping.js';
import { parseTodo } from './todo-txt.js';

const NOW = new Date('2026-11-21T12:00:00Z');

function taskOf(line: string) {
  const [planned] = plan(line, NOW).tasks;
  if (!planned) throw new Error(`nothing planned for '${line}'`);
  return planned;
}

describe('A line of todo.txt', () => {
  it('has a priority only as one capital letter in parentheses at its start, before a space', () => {
    expect(parseTodo('(A) Call Mom')).toMatchObject({ priority: 'A', text: 'Call Mom' });
    for (const line of ['(a) Get back to the boss', '(B)->Submit TPS report', 'Really call Mom (A)', ' (A) Call Mom']) {
      expect(parseTodo(line)).toMatchObject({ priority: undefined, text: line.trim() });
    }
  });

  it('has a creation date only right after its priority', () => {
    expect(parseTodo('2026-03-02 Document the format')).toMatchObject({ createdOn: '2026-03-02', done: false });
    expect(parseTodo('(A) 2026-03-02 Call Mom')).toMatchObject({ createdOn: '2026-03-02', text: 'Call Mom' });
    expect(parseTodo('(A) Call Mom 2026-03-02')).toMatchObject({ createdOn: undefined, text: 'Call Mom 2026-03-02' });
  });

  it('keeps a date that no calendar knows as text', () => {
    expect(parseTodo('2026-02-30 Skate')).toMatchObject({ createdOn: undefined, text: '2026-02-30 Skate' });
  });

  it('is done only with a lower-case x and a space at its start', () => {
    expect(parseTodo('x 2026-03-03 Call Mom')).toMatchObject({
      done: true,
      completedOn: '2026-03-03',
      text: 'Call Mom',
    });
    for (const line of [
      'xylophone lesson',
      'X 2026-01-01 Make resolutions',
      '(A) x Find ticket prices',
      ' x Call Mom',
    ]) {
      expect(parseTodo(line).done).toBe(false);
    }
  });

  it('gives the completion date before the creation date', () => {
    expect(parseTodo('x 2026-01-02 2026-01-01 Review the request +portal @work')).toEqual({
      done: true,
      completedOn: '2026-01-02',
      createdOn: '2026-01-01',
      text: 'Review the request +portal @work',
      tags: [],
    });
  });

  it('remembers the priority of a done item in either spelling', () => {
    expect(parseTodo('x (B) 2026-01-02 2026-01-01 Ask')).toMatchObject({ priority: 'B', completedOn: '2026-01-02' });
    expect(parseTodo('x 2026-01-02 Ask pri:B')).toMatchObject({ priority: 'B', text: 'Ask', tags: [] });
  });

  it('keeps projects and contexts in the text, wherever they stand', () => {
    expect(parseTodo('@shop Eggs for +party @today').text).toBe('@shop Eggs for +party @today');
  });

  it('takes out key:value pairs, but no address, time of day or colon of a sentence', () => {
    expect(parseTodo('Ask ticket:FB-7 again rec:+1w')).toMatchObject({
      text: 'Ask again',
      tags: [
        ['ticket', 'FB-7'],
        ['rec', '+1w'],
      ],
    });
    const prose = 'Biscuits: see https://example.org/a at 17:30 or a:b:c';
    expect(parseTodo(prose)).toMatchObject({ text: prose, tags: [] });
  });

  it('is due on the first real date that it names', () => {
    expect(parseTodo('Pay due:2027-03-01')).toMatchObject({ due: '2027-03-01', text: 'Pay', tags: [] });
    expect(parseTodo('Pay due:soon due:2027-02-29')).toMatchObject({
      due: undefined,
      tags: [
        ['due', 'soon'],
        ['due', '2027-02-29'],
      ],
    });
  });

  it('parses, whatever it holds', () => {
    const fragment = fc.constantFrom(
      'x',
      ' ',
      '(A)',
      '2026-01-01',
      '2026-99-99',
      'due:',
      'pri:',
      ':',
      '+',
      '@',
      '\0',
      'é',
    );
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragment).map((parts) => parts.join('')),
    );
    fc.assert(fc.property(line, (text) => expect(parseTodo(text).text).toBe(parseTodo(text).text.trim())));
  });
});

describe('The task made of a line', () => {
  it('is urgent for A, high for B, medium for C or no priority, and low for the rest', () => {
    const priorities = ['(A) a', '(B) b', '(C) c', 'none', '(D) d', '(Z) z'].map((line) => taskOf(line).task.priority);
    expect(priorities).toEqual(['urgent', 'high', 'medium', 'medium', 'low', 'low']);
  });

  it('is due until the end of a day that is not over', () => {
    expect(taskOf('Pay due:2026-11-21').task.due_date).toBe('2026-11-21T23:59:59.000Z');
  });

  it('keeps a due date that has passed in the description', () => {
    expect(taskOf('Pay due:2026-11-20')).toMatchObject({ duePassed: true, task: { description: 'due: 2026-11-20' } });
    expect(taskOf('Pay due:2026-11-20').task).not.toHaveProperty('due_date');
  });

  it('keeps dates and further pairs in the description', () => {
    const { task, done } = taskOf('x 2026-01-02 2026-01-01 Ask ticket:FB-7');
    expect(done).toBe(true);
    expect(task).toEqual({
      title: 'Ask',
      priority: 'medium',
      description: 'created: 2026-01-01\ncompleted: 2026-01-02\nticket: FB-7',
    });
  });

  it('continues a long title in its description, without cutting a character in two', () => {
    const words = taskOf(`${'word '.repeat(60)}end`).task;
    expect(words.title).toMatch(/^(word )+word…$/);
    expect(words.description).toMatch(/^…(word )+end$/);

    const family = '👨‍👩‍👧';
    const emoji = taskOf(family.repeat(40)).task;
    expect(emoji.title.length).toBeLessThanOrEqual(255);
    expect(`${emoji.title}${emoji.description}`.replaceAll('…', '')).toBe(family.repeat(40));
    expect(emoji.title).toMatch(new RegExp(`^(${family})+…$`, 'u'));
  });

  it('has the same keys whenever the same file is read, and other keys for every equal line', () => {
    const keysOf = (content: string) => plan(content, NOW).tasks.flatMap((todo) => [todo.createKey, todo.completeKey]);
    expect(keysOf('Milk\nMilk')).toEqual(keysOf('Bread\r\nMilk\r\nMilk\r\n').slice(2));
    expect(new Set(keysOf('Milk\nMilk\nx Milk')).size).toBe(6);
  });
});

describe('The plan of a file', () => {
  it('tells the number of every line that becomes no task', () => {
    const { lines, tasks, blank, problems } = plan(`Milk\n\n(A) due:2027-01-01\na\0b\n${'x'.repeat(6000)}\n \n`, NOW);
    expect({ lines, tasks: tasks.map(({ line }) => line), blank }).toEqual({ lines: 6, tasks: [1], blank: [2, 6] });
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5]);
  });

  it('accounts for every line, whatever the file holds', () => {
    const content = fc
      .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'Milk', '(A) ')))
      .map((l) => l.join('\n'));
    fc.assert(
      fc.property(content, (text) => {
        const { lines, tasks, blank, problems } = plan(text, NOW);
        const numbers = [...tasks.map(({ line }) => line), ...blank, ...problems.map(({ line }) => line)];
        expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: lines }, (_, index) => index + 1));
      }),
    );
  });
});
