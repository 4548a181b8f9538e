import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { builtInTemplates } from '../../contract/index.js';
import { segments, smsText } from './sms-text.js';

const link = 'https://api.example.org/notifications/0198c0de-0000-7000-8000-000000000001';

describe('A text message', () => {
  it.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(459), 3],
    ['a'.repeat(460), 4],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ж'.repeat(70), 1],
    ['ж'.repeat(71), 2],
    ['ж'.repeat(201), 3],
    ['ж'.repeat(202), 4],
    ['👶'.repeat(35), 1],
    ['👶'.repeat(36), 2],
  ])('%j has that many parts: %i', (text, parts) => {
    expect(segments(text)).toBe(parts);
  });

  it('stays as it is where three parts hold it', () => {
    const text = 'a'.repeat(459);
    expect(smsText(text, link)).toBe(text);
  });

  it('is cut where they do not, and says where to read on', () => {
    const text = smsText('a'.repeat(1_000), link);
    expect(text).toMatch(/^a{370,}\.\.\. https:/);
    expect(text.endsWith(` ${link}`)).toBe(true);
    expect(segments(text)).toBe(3);
  });

  it('is cut between characters, however these are made', () => {
    const family = '👨‍👩‍👧';
    const [, kept = ''] = /^(.*)… /u.exec(smsText(family.repeat(60), link)) ?? [];
    expect(kept).toBe(family.repeat(kept.length / family.length));
    expect(kept.length).toBeGreaterThan(80);
  });

  it('never has more than three parts, and begins as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 700 }), (text) => {
        const sent = smsText(text, link);
        expect(segments(sent)).toBeLessThanOrEqual(3);
        if (sent !== text)
          expect(text.startsWith(sent.slice(0, sent.lastIndexOf(' ')).replace(/(…|\.\.\.)$/, ''))).toBe(true);
      }),
    );
  });
});

describe('A built-in text message', () => {
  const texts = builtInTemplates.filter(({ channel }) => channel === 'sms');

  it.each(texts.map(({ name, body }) => [name, body]))('is in the alphabet that has room for 160: %s', (_, body) =>
    expect(segments(body.replaceAll(/\{\{\w+\}\}/g, 'a').padEnd(160, 'a'))).toBe(1),
  );
});
