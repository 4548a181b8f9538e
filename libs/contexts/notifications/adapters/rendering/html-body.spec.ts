import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { htmlBody } from './html-body.js';

const ours = 'https://api.example.org';
const body = (text: string): string => /<body>\n([^]*)\n<\/body>/.exec(htmlBody(text, ours))?.[1] ?? '';

describe('A text as HTML', () => {
  it('has a paragraph for each of its paragraphs, and keeps its lines', () => {
    expect(body('Hello Ada,\nwelcome.\n\n\nYours')).toBe('<p>Hello Ada,<br>\nwelcome.</p>\n<p>Yours</p>');
  });

  it('stays text, whatever it looks like', () => {
    expect(body('<script>alert("1")</script> & \'{{name}}\'')).toBe(
      '<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;{{name}}&#39;</p>',
    );
  });

  it('has links to our own pages', () => {
    expect(body(`Open ${ours}/a?b=1&c=2#token=x_y-z, please.`)).toBe(
      `<p>Open <a href="${ours}/a?b=1&amp;c=2#token=x_y-z">${ours}/a?b=1&amp;c=2#token=x_y-z</a>, please.</p>`,
    );
  });

  it.each([
    'https://attacker.example/',
    'https://api.example.org.attacker.example/',
    'https://api.example.org@attacker.example/',
    'https://attacker@api.example.org/',
    'https://api.example.org:8443/',
    'http://api.example.org/',
    'javascript:alert(1)//https://',
  ])('has no link to %s', (elsewhere) => {
    expect(body(`See ${elsewhere} now`)).not.toContain('<a');
  });

  it('never has a tag or an attribute that is not ours', () => {
    const piece = fc.constantFrom(
      '<b>',
      '">',
      "'",
      '&',
      ' ',
      '\n',
      '\n\n',
      `${ours}/`,
      'x',
      'https://',
      '<a href="',
      '=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const tags = body(pieces.join('')).match(/<[^>]*>/g) ?? [];
        const strange = tags.filter(
          (tag) => !/^(<\/?p>|<br>|<\/a>|<a href="https:\/\/api\.example\.org\/[^"<>]*">)$/.test(tag),
        );
        expect(strange).toEqual([]);
      }),
    );
  });
});
