import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';

import { Command, Event } from './message-types.js';
import { Message } from './message.js';
import { policy, schedule, send, unschedule, type PolicyMeta } from './policy.js';

@Command('readers.invite_reader.v1', 'readerId')
class InviteReader extends Message<InviteReader> {
  @IsString() readonly readerId!: string;
}

@Event('book.returned.v1', 'bookId')
class BookReturned extends Message<BookReturned> {
  @IsString() readonly bookId!: string;
}

abstract class ReaderLookup {
  abstract waitingFor(bookId: string): Promise<readonly string[]>;
}

class TwoReaders extends ReaderLookup {
  async waitingFor(bookId: string): Promise<readonly string[]> {
    return [`${bookId} first`, `${bookId} second`];
  }
}

const returned = new BookReturned({ bookId: 'b1' });
const meta: PolicyMeta = { eventId: 'e1', version: 3, occurredAt: new Date('2026-03-01T10:00:00Z'), actor: 'a1' };
const invite = new InviteReader({ readerId: 'r1' });

describe('A policy', () => {
  it('names itself, the event that it reacts to, and what follows from it', () => {
    const inviteNext = policy('readers.invite_next', BookReturned, {
      then: ({ bookId }, _, { version }) => [send(new InviteReader({ readerId: `${bookId} ${version}` }))],
    });
    expect(inviteNext).toMatchObject({ name: 'readers.invite_next', event: BookReturned, from: undefined });
    expect(inviteNext.then(returned as never, undefined as never, meta)).toEqual([
      { kind: 'send', command: new InviteReader({ readerId: 'b1 3' }), target: undefined },
    ]);
  });

  it('asks for no rows unless it names the port that has them', async () => {
    const nothing = policy('readers.invite_next', BookReturned, { then: () => [] });
    expect(await nothing.rows({} as never, returned as never)).toBeUndefined();
  });

  it('gets what its port answers about the event', async () => {
    const { from, rows, then } = policy('readers.invite_all', BookReturned, {
      from: ReaderLookup,
      rows: (readers, { bookId }) => readers.waitingFor(bookId),
      then: (_, readers) => readers.map((readerId) => send(new InviteReader({ readerId }), readerId)),
    });
    const found = await rows(new TwoReaders() as never, returned as never);
    expect(from).toBe(ReaderLookup);
    expect(then(returned as never, found as never, meta)).toEqual([
      send(new InviteReader({ readerId: 'b1 first' }), 'b1 first'),
      send(new InviteReader({ readerId: 'b1 second' }), 'b1 second'),
    ]);
  });

  it('is written with the types of its event, its port and its rows', () => {
    // @ts-expect-error -- Events have the fields of their class.
    policy('readers.invite_next', BookReturned, { then: ({ shelfId }) => [send(shelfId as never)] });
    policy('readers.invite_next', BookReturned, {
      from: ReaderLookup,
      // @ts-expect-error -- Ports have the methods of theirs.
      rows: (readers) => readers.everybody() as Promise<readonly string[]>,
      then: () => [],
    });
    policy('readers.invite_next', BookReturned, {
      from: ReaderLookup,
      rows: (readers, { bookId }) => readers.waitingFor(bookId),
      // @ts-expect-error -- Rows are what was asked for.
      then: (_, readers) => [send(new InviteReader({ readerId: readers.length }))],
    });
    // @ts-expect-error -- What follows is something to be done.
    policy('readers.invite_next', BookReturned, { then: () => [invite] });
  });

  it.each(['invite_next', 'readers.inviteNext', 'Readers.invite', 'readers.invite_next.v1', 'readers.', ''])(
    'is not named "%s"',
    (name) => {
      expect(() => policy(name, BookReturned, { then: () => [] })).toThrow('is no policy name');
    },
  );
});

describe('What follows from an event', () => {
  it('is a command, at once or at a time, or that one is taken back', () => {
    const at = new Date('2026-03-02T10:00:00Z');
    expect(send(invite, 'r1')).toEqual({ kind: 'send', command: invite, target: 'r1' });
    expect(schedule(invite, at)).toEqual({ kind: 'schedule', command: invite, at, target: undefined });
    expect(unschedule(InviteReader, 'r1')).toEqual({ kind: 'unschedule', type: InviteReader, lane: 'r1' });
  });
});
