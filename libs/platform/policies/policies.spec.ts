import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';

import { Event, Message, policy, upcaster } from '#kernel';

import { Policies } from './policies.js';

@Event('letter.written.v2', 'letterId')
class LetterWritten extends Message<LetterWritten> {
  @IsString() readonly letterId!: string;
}

@Event('letter.lost.v1', 'letterId')
class LetterLost extends Message<LetterLost> {
  @IsString() readonly letterId!: string;
}

upcaster('letter.written.v1', 'letter.written.v2', (data) => data);

const then = () => [];
const sort = policy('post.sort_letters', LetterWritten, { then });
const stamp = policy('post.stamp_letters', LetterWritten, { then });
const search = policy('post.search_letters', LetterLost, { then });
const sortAgain = policy('post.sort_letters', LetterLost, { then });
const complain = policy('complaints.open_case', LetterLost, { then });

const policies = new Policies([
  { name: 'post', policies: [sort, search, stamp, sortAgain] },
  { name: 'complaints', policies: [complain] },
  { name: 'silent', policies: [] },
]);

describe('The policies of a process', () => {
  it('are of the contexts that react to something', () => {
    expect(policies.contexts).toEqual(['post', 'complaints']);
  });

  it('are run on an event in the order in which their context lists them', () => {
    expect(policies.of('post', 'letter.written.v2')).toEqual([sort, stamp]);
    expect(policies.of('post', 'letter.lost.v1')).toEqual([search, sortAgain]);
    expect(policies.of('complaints', 'letter.lost.v1')).toEqual([complain]);
    expect(policies.of('complaints', 'letter.written.v2')).toEqual([]);
    expect(policies.of('silent', 'letter.lost.v1')).toEqual([]);
  });

  it('may share a name, and are told apart by their events', () => {
    expect(policies.named('post.sort_letters', 'letter.lost.v1')).toBe(sortAgain);
    expect(policies.named('post.sort_letters', 'letter.written.v2')).toBe(sort);
    expect(policies.named('post.search_letters', 'letter.written.v2')).toBeUndefined();
  });

  it('react to older versions of their events too', () => {
    expect(policies.of('post', 'letter.written.v1')).toEqual([sort, stamp]);
    expect(policies.named('post.sort_letters', 'letter.written.v1')).toBe(sort);
    expect(policies.types('post').toSorted()).toEqual(['letter.lost.v1', 'letter.written.v1', 'letter.written.v2']);
    expect(policies.types('complaints')).toEqual(['letter.lost.v1']);
  });

  it('know which events this release can read', () => {
    expect(['letter.written.v1', 'letter.written.v2', 'letter.written.v3'].map((type) => policies.knows(type))).toEqual(
      [true, true, false],
    );
  });

  it('cannot be two of one name on one event', () => {
    const twice = [sort, policy('post.sort_letters', LetterWritten, { then })];
    expect(() => new Policies([{ name: 'post', policies: twice }])).toThrow(
      'there are two policies called post.sort_letters on letter.written.v2',
    );
  });

  it('stand in the context that their name says', () => {
    expect(() => new Policies([{ name: 'complaints', policies: [sort] }])).toThrow(
      "post.sort_letters is listed by complaints: a policy's name begins with its context",
    );
  });
});
