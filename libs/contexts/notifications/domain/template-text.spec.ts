import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { TemplateSyntaxInvalid, TemplateVariableMissing } from './errors.js';
import { assertSyntax, cut, line, render } from './template-text.js';

describe('A text with variables', () => {
  it('gets their values, each as often as it is named', () => {
    expect(render('{{a}} and {{ b }}, {{a}}', { a: '1', b: '2' })).toBe('1 and 2, 1');
  });

  it('takes nothing in a value for a variable, or for a pattern', () => {
    expect(render('{{a}}{{b}}', { a: '{{b}}', b: '$1 $& {{a}}' })).toBe('{{b}}$1 $& {{a}}');
  });

  it('holds any value as it is', () => {
    fc.assert(fc.property(fc.string(), (value) => expect(render('<{{a}}>', { a: value })).toBe(`<${value}>`)));
  });

  it.each(['b', 'constructor', 'to_string'])('needs a value for {{%s}}', (name) => {
    expect(() => render(`{{${name}}}`, { a: '1' })).toThrow(TemplateVariableMissing);
  });

  it('may hold single braces', () => {
    expect(() => assertSyntax('{ {a} } {{a}}', { a: 'the first' })).not.toThrow();
  });

  it.each(['{{a', 'a}}', '{{a}}}', '{{{a}}', '{{A}}', '{{a b}}', '{{}}', '{{constructor}}'])(
    'is refused where braces in pairs are no variable that is explained: %s',
    (text) => {
      expect(() => assertSyntax(text, { a: 'the first' })).toThrow(TemplateSyntaxInvalid);
    },
  );

  it('that is refused by nobody needs no other values than those that are explained', () => {
    const texts = fc.array(fc.constantFrom('{', '}', '{{', '}}', 'a', 'b', ' ', '{{a}}'), { maxLength: 8 });
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        try {
          assertSyntax(text, { a: 'the first' });
        } catch {
          return;
        }
        expect(render(text, { a: '' })).not.toMatch(/\{\{|\}\}/);
      }),
    );
  });
});

describe('A title', () => {
  it('is one line, so that it may stand in a header', () => {
    expect(line(' Pack\r\nBcc: eve@example.org\u2028\u0000!', 200)).toBe('Pack Bcc: eve@example.org !');
  });

  it('is cut by characters, and says so', () => {
    expect(line('😀'.repeat(201), 200)).toBe(`${'😀'.repeat(199)}…`);
    expect(cut('x'.repeat(200), 200)).toBe('x'.repeat(200));
  });
});
