import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { InvalidMessage } from '#kernel';

import { assertPlainJson, readJson } from './plain-json.js';

const refusal = (value: unknown): string => outcome(() => assertPlainJson(value));

function outcome(read: () => unknown): string {
  try {
    read();
    return 'taken';
  } catch (error) {
    const [violation] = (error as InvalidMessage).violations;
    return `${violation?.pointer} ${violation?.reason}`;
  }
}

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('A request body', () => {
  it('may be any JSON of ordinary text', () => {
    const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
    const clean = (value: unknown): boolean =>
      !/\\u00[01]|\u007f|\\[bf]|\\ud[89a-f]/i.test(JSON.stringify(value)) &&
      ![...forbidden].some((name) => JSON.stringify(value).includes(name));
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        (value) => void (clean(value) && expect(refusal(value)).toBe('taken')),
      ),
    );
    expect(refusal({ emoji: '👶', newline: '\n', list: [1, null, { deep: true }] })).toBe('taken');
    expect(refusal(undefined)).toBe('taken');
  });

  it.each([
    ['NUL', { a: { b: ['x\0'] } }, '/a/b/0 control_character'],
    ['an escape character', ['\u001b[2J'], '/0 control_character'],
    ['a delete character', '\u007f', ' control_character'],
    ['NUL in a name', { 'a\0': 1 }, ' control_character'],
    ['half of a surrogate pair', { title: '\ud83d' }, '/title lone_surrogate'],
    ['half of a surrogate pair in a name', { '\udc00': 1 }, ' lone_surrogate'],
    ['a way to the prototype', JSON.parse('{"a":{"__proto__":{}}}'), '/a name_forbidden'],
    ['a constructor', { constructor: 1 }, ' name_forbidden'],
  ])('may not hold %s', (_, body: unknown, refused) => {
    expect(refusal(body)).toBe(refused);
  });

  it('may be nested 32 levels deep', () => {
    expect(refusal(nested(32))).toBe('taken');
    expect(refusal(nested(33))).toContain('nested_too_deeply');
  });

  it('cannot exhaust the stack', () => {
    expect(refusal(nested(5_000))).toContain('nested_too_deeply');
  });

  it('is pointed into as RFC 6901 has it', () => {
    expect(refusal({ 'a/b': { 'c~d': '\0' } })).toBe('/a~1b/c~0d control_character');
  });
});

describe('The bytes of a request body', () => {
  const read = (text: string | Buffer): unknown => readJson(Buffer.from(text as string));
  const refused = (text: string | Buffer): string => outcome(() => read(text));

  it('are JSON in UTF-8', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.integer(), fc.boolean())), (value) => {
        expect(read(JSON.stringify(value))).toEqual({ ...value });
      }),
    );
    expect(read('{"name":"Zoë 👶\\u00eb"}')).toEqual({ name: 'Zoë 👶ë' });
    expect(read(' 7\n')).toBe(7);
  });

  it.each([
    ['no JSON', 'title=bag'],
    ['JSON that is cut off', '{"title":"ba'],
    ['a byte order mark', '\ufeff{}'],
    ['a byte that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['half of a surrogate pair, encoded', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['white space only', '  '],
    ['two values', '{}{}'],
    ['a comment', '{} // done'],
    ['no number', '[NaN]'],
  ])('are refused when they are %s', (_, bytes: string | Buffer) => {
    expect(refused(bytes)).toBe(' malformed_json');
  });

  it('are refused for what they hold, too', () => {
    expect(refused('{"a":"\\u0000"}')).toBe('/a control_character');
    expect(refused('{"a":"\\ud800"}')).toBe('/a lone_surrogate');
    expect(refused('{"a":{"__proto__":{"admin":true}}}')).toBe('/a name_forbidden');
  });

  it('may hold ten thousand names and items together, and not one more', () => {
    const items = (count: number): string => JSON.stringify({ list: Array(count).fill(0) });
    expect(refused(items(9_999))).toBe('taken');
    expect(refused(items(10_000))).toBe('/list too_many_members');
    const names = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`n${n}`, n]));
    expect(refused(JSON.stringify(names))).toBe(' too_many_members');
  });

  it.each([
    ['nested fifty thousand deep', '['.repeat(50_000) + ']'.repeat(50_000), 'nested_too_deeply'],
    ['of objects nested ten thousand deep', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 'nested_too_deeply'],
    ['a hundred thousand names', `{${Array.from({ length: 25_000 }, (_, n) => `"n${n}":0`).join()}}`, 'too_many'],
    ['one long text', JSON.stringify('x'.repeat(262_000)), 'taken'],
  ])('are judged within a quarter of a second when they are %s', (_, text, verdict) => {
    const started = performance.now();
    expect(refused(text)).toContain(verdict);
    expect(performance.now() - started).toBeLessThan(250);
  });
});
