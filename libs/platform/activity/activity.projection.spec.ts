import { describe, expect, it } from '@jest/globals';
import { IsString, IsUUID } from 'class-validator';

import { Event, Message, Personal, toWire, type LogMeta } from '#kernel';

import { activity } from './activity.projection.js';

@Event('letter.sent.v1', 'letterId', { subject: 'senderId' })
class LetterSent extends Message<LetterSent> {
  @IsUUID() readonly letterId!: string;
  @IsUUID() readonly senderId!: string;
  @Personal() @IsUUID() readonly motherId!: string;
  @Personal() @IsString() readonly address!: string;
  @IsString() readonly text!: string;
}

const letterId = '0196a1de-0000-7000-8000-000000000001';
const senderId = '0196a1de-0000-7000-8000-000000000002';
const meta: LogMeta = {
  id: '0196a1de-0000-8000-8000-000000000003',
  type: 'letter.sent.v1',
  streamType: 'post.letter',
  streamId: letterId,
  version: 4,
  occurredAt: new Date('2026-03-01T10:00:00Z'),
  actor: senderId,
};
const letter = new LetterSent({ letterId, senderId, motherId: letterId, address: 'Elm Street 1', text: 'I' });
/** As the log holds it. */
const data = { ...toWire(letter), mother_id: 'sealed:v1:a:b', address: 'sealed:v1:a:c' };

describe('The activity of all contexts', () => {
  it('tells that something happened, to what, when, and by whom', () => {
    expect(activity.key?.(data, meta)).toBe(meta.id);
    expect(activity.fold.apply(null, data, meta)).toEqual({
      id: meta.id,
      type: 'letter.sent.v1',
      context: 'post',
      streamType: 'post.letter',
      streamId: letterId,
      streamVersion: 4,
      actor: senderId,
      ids: { letter_id: letterId, sender_id: senderId },
      occurredAt: meta.occurredAt,
    });
  });

  it('tells nothing of what was said, personal or not', () => {
    expect(JSON.stringify(activity.fold.apply(null, data, meta))).not.toMatch(/sealed|mother|address|"I"/);
  });

  it('tells of events that only a newer release knows, without their ids', () => {
    const newer: LogMeta = { ...meta, type: 'letter.sent.v9' };
    expect(activity.fold.apply(null, data, newer)).toMatchObject({ type: 'letter.sent.v9', ids: {} });
  });
});
