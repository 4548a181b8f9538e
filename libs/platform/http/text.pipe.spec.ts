import { describe, expect, it } from '@jest/globals';

import { InvalidMessage } from '#kernel';

import { TextPipe } from './text.pipe.js';

describe('A text in a path', () => {
  it('is what was sent, without the space around it', () => {
    expect(new TextPipe().transform(' v/81 ä ')).toBe('v/81 ä');
  });

  it.each(['\u0000', 'a\u0007', '\ud800'])('is none that could not be stored: %j', (text) => {
    expect(() => new TextPipe().transform(text)).toThrow(InvalidMessage);
  });
});
