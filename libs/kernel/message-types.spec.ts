import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';

import {
  allCommands,
  allEvents,
  Command,
  commandNamed,
  commandType,
  Event,
  eventNamed,
  eventType,
  laneOf,
  resourceOf,
} from './message-types.js';
import { Message, Secret } from './message.js';

@Command('library.lend_book.v1', 'bookId')
class LendBook extends Message<LendBook> {
  @IsString() readonly bookId!: string;
  @IsString() readonly readerId!: string;
}

@Command('library.reserve_copy.v1', 'bookId', { resource: 'copyId', makes: true })
class ReserveCopy extends Message<ReserveCopy> {
  @IsString() readonly bookId!: string;
  @IsString() readonly copyId!: string;
}

@Event('book.lent.v1', 'bookId')
class BookLent extends Message<BookLent> {
  @IsString() readonly bookId!: string;
}

class Undeclared extends Message<Undeclared> {
  @IsString() readonly bookId!: string;
}

class Lending extends Message<Lending> {
  @IsString() readonly bookId!: string;
  @IsString() readonly readerId!: string;
}

class Locked extends Message<Locked> {
  @IsString() readonly bookId!: string;
  @Secret() @IsString() readonly code!: string;
}

describe('A command', () => {
  it('is found by its wire name and by its class', () => {
    const declared = {
      type: LendBook,
      name: 'library.lend_book.v1',
      context: 'library',
      laneField: 'bookId',
      resourceField: 'bookId',
      makes: false,
      subjectField: 'bookId',
    };
    expect(commandNamed('library.lend_book.v1')).toEqual(declared);
    expect(commandType(LendBook)).toEqual(declared);
  });

  it('is ordered by what its lane field holds', () => {
    expect(laneOf(new LendBook({ bookId: 'b1', readerId: 'r1' }))).toBe('b1');
  });

  it('is for what its lane is for, unless it says what its aggregate holds several of', () => {
    expect(resourceOf(new LendBook({ bookId: 'b1', readerId: 'r1' }))).toBe('b1');
    const reserve = new ReserveCopy({ bookId: 'b1', copyId: 'c1' });
    expect([laneOf(reserve), resourceOf(reserve)]).toEqual(['b1', 'c1']);
    expect(commandType(ReserveCopy).makes).toBe(true);
    expect(() => Command('library.lose_copy.v1', 'bookId', { resource: 'copyId' })(Undeclared)).toThrow(
      'library.lose_copy.v1 has no field "copyId"',
    );
  });

  it.each([
    'library.lend_book',
    'lend_book.v1',
    'library.lendBook.v1',
    'Library.lend.v1',
    'library.lend.v',
    'a.b.c.v1',
    '',
  ])('is not named "%s"', (name) => {
    expect(() => Command(name, 'bookId')(Undeclared)).toThrow('is no command name');
  });

  it('cannot take a name that is taken', () => {
    expect(() => Command('library.lend_book.v1', 'bookId')(Undeclared)).toThrow(
      'library.lend_book.v1 is declared twice',
    );
  });

  it('has its lane in one of its decorated fields', () => {
    expect(() => Command('library.return_book.v1', 'shelfId')(Undeclared)).toThrow('has no field "shelfId"');
  });

  it('is among all commands, where no event is', () => {
    expect(allCommands()).toEqual([commandType(LendBook), commandType(ReserveCopy)]);
  });

  it('is nothing that was not declared as one', () => {
    expect(commandNamed('library.burn_book.v1')).toBeUndefined();
    expect(() => commandType(Undeclared)).toThrow('Undeclared is no command');
    expect(() => commandType(BookLent)).toThrow('BookLent is no command');
  });
});

describe('An event', () => {
  it('is found by its wire name and by its class', () => {
    const declared = {
      type: BookLent,
      name: 'book.lent.v1',
      streamField: 'bookId',
      subjectField: 'bookId',
      private: false,
      forgets: false,
    };
    expect(eventNamed('book.lent.v1')).toEqual(declared);
    expect(eventType(BookLent)).toEqual(declared);
  });

  it('is among all events, where no command is', () => {
    expect(allEvents()).toEqual([eventType(BookLent)]);
  });

  it('stays in its own context if it says so', () => {
    Event('book.page_counted.v1', 'bookId', { private: true })(Undeclared);
    expect(eventNamed('book.page_counted.v1')?.private).toBe(true);
  });

  it('says whom it is about, and names one of its decorated fields for it', () => {
    Event('book.borrowed.v1', 'bookId', { subject: 'readerId' })(Lending);
    expect(eventNamed('book.borrowed.v1')?.subjectField).toBe('readerId');
    expect(() => Event('book.hidden.v1', 'bookId', { subject: 'thiefId' })(Lending)).toThrow('has no field "thiefId"');
  });

  it('carries no secret out of its context', () => {
    expect(() => Event('book.locked.v1', 'bookId')(Locked)).toThrow('declare it { private: true }');
    Event('book.locked.v1', 'bookId', { private: true })(Locked);
    expect(eventNamed('book.locked.v1')?.private).toBe(true);
  });

  it.each(['book.lent', 'lent.v1', 'book.Lent.v1', 'book.lent.v1.1', ''])('is not named "%s"', (name) => {
    expect(() => Event(name, 'bookId')(Undeclared)).toThrow('is no event name');
  });

  it('cannot take a name that is taken', () => {
    expect(() => Event('book.lent.v1', 'bookId')(Undeclared)).toThrow('book.lent.v1 is declared twice');
  });

  it('names its stream in one of its decorated fields', () => {
    expect(() => Event('book.found.v1', 'shelfId')(Undeclared)).toThrow('has no field "shelfId"');
  });

  it('is nothing that was not declared as one', () => {
    expect(() => eventType(LendBook)).toThrow('LendBook is no event');
  });
});
