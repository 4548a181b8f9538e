import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { InvalidMessage } from '#kernel';

import { assertPlainJson } from './plain-json.js';

function refusal(value: unknown): string {
  try {
    assertPlainJson(value);
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
      !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)) &&
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
    ['NUL', { a: { b: ['x\0'] } }, '/a/b/0 nul_character'],
    ['NUL in a name', { 'a\0': 1 }, ' nul_character'],
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
    expect(refusal({ 'a/b': { 'c~d': '\0' } })).toBe('/a~1b/c~0d nul_character');
  });
});
