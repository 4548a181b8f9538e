import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';

import { AlreadyExists } from './domain-error.js';
import { fold, on } from './fold.js';
import { Message } from './message.js';
import { projection, type ReadModelRow } from './projection.js';

class BookBought extends Message<BookBought> {
  @IsString() readonly bookId!: string;
}

class BookRow implements ReadModelRow {
  id!: string;
  version!: number;
}

const bookFold = fold<{ id: string }>(on(BookBought, (_, { bookId }) => ({ id: bookId })));

describe('A projection', () => {
  it('names its read model, the class of its rows and the events that it shows', () => {
    const books = projection('library.books', BookRow, { inline: true, fold: bookFold });
    expect(books).toMatchObject({ name: 'library.books', row: BookRow, inline: true, version: 1, unique: {} });
    expect(books.fold.types).toEqual([BookBought]);
  });

  it('may follow the log, in a version, with rows that show the events of a key', () => {
    const shelves = projection('library.shelves', BookRow, {
      inline: false,
      version: 3,
      key: (event) => (event as BookBought).bookId.slice(0, 1),
      fold: bookFold,
    });
    expect(shelves).toMatchObject({ inline: false, version: 3 });
    expect(shelves.key?.(new BookBought({ bookId: 'x7' }), {} as never)).toBe('x');
  });

  it('says what a violation of a unique constraint means', () => {
    const unique = { books_isbn: () => new AlreadyExists('isbn') };
    expect(
      projection('library.books', BookRow, { inline: true, fold: bookFold, unique }).unique.books_isbn?.(),
    ).toMatchObject({
      kind: 'conflict',
      reason: 'already_exists',
    });
  });
});
