import { describe, expect, it } from '@jest/globals';
import { IsUUID } from 'class-validator';

import { Event, Message } from '#kernel';
import { BoxFilled } from '#testing/doubles/boxes.js';

import { live } from './live-view.js';

@Event('diary.written.v1', 'diaryId', { private: true })
class DiaryWritten extends Message<DiaryWritten> {
  @IsUUID() readonly diaryId!: string;
}

const told = { to: () => [], view: () => ({}) };

describe('A live view', () => {
  it.each(['Box', 'box-filled', '', 'box filled', 'box\nid: 1', 'command', 'reset', 'expired'])(
    'is not called %j',
    (name) => {
      expect(() => live(BoxFilled, { name, ...told })).toThrow(/is no name of a live view/);
    },
  );

  it('shows nothing private', () => {
    expect(() => live(DiaryWritten, { name: 'diary', ...told })).toThrow(/diary\.written\.v1 is private/);
  });

  it('is of an event', () => {
    expect(() => live(Date, { name: 'nothing', ...told })).toThrow(/is no event/);
  });
});
