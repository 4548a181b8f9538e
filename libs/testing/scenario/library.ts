import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { IsArray, IsString, IsUUID } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import {
  Actor,
  Aggregate,
  Clock,
  Command,
  DomainError,
  Event,
  fold,
  IsTime,
  Message,
  on,
  projection,
  Repository,
  type ReadModelRow,
} from '#kernel';

// A library: readers register, books are shelved and lent to readers, once at a time.

@Event('reader.registered.v1', 'readerId')
export class ReaderRegistered extends Message<ReaderRegistered> {
  @IsUUID() readonly readerId!: string;
  @IsString() readonly name!: string;
}

@Event('book.shelved.v1', 'bookId')
export class BookShelved extends Message<BookShelved> {
  @IsUUID() readonly bookId!: string;
  @IsString() readonly title!: string;
  @IsString() readonly shelvedBy!: string;
}

@Event('book.lent.v1', 'bookId')
export class BookLent extends Message<BookLent> {
  @IsUUID() readonly bookId!: string;
  @IsUUID() readonly readerId!: string;
  @IsTime() readonly lentAt!: string;
}

@Event('book.dusted.v1', 'bookId')
export class BookDusted extends Message<BookDusted> {
  @IsUUID() readonly bookId!: string;
  @IsArray() readonly at!: Date[];
}

@Event('book.pulped.v1', 'bookId')
class BookPulped extends Message<BookPulped> {
  @IsUUID() readonly bookId!: string;
}

@Command('library.register_reader.v1', 'readerId')
export class RegisterReader extends Message<RegisterReader> {
  @IsUUID() readonly readerId!: string;
  @IsString() readonly name!: string;
}

@Command('library.shelve_book.v1', 'bookId')
export class ShelveBook extends Message<ShelveBook> {
  @IsUUID() readonly bookId!: string;
  @IsString() readonly title!: string;
}

@Command('library.lend_book.v1', 'bookId')
export class LendBook extends Message<LendBook> {
  @IsUUID() readonly bookId!: string;
  @IsUUID() readonly userId!: string;
}

@Command('library.dust_book.v1', 'bookId')
export class DustBook extends Message<DustBook> {
  @IsUUID() readonly bookId!: string;
}

@Command('library.pulp_book.v1', 'bookId')
export class PulpBook extends Message<PulpBook> {
  @IsUUID() readonly bookId!: string;
}

@Command('cinema.show_film.v1', 'filmId')
export class ShowFilm extends Message<ShowFilm> {
  @IsUUID() readonly filmId!: string;
}

export class BookNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'book_not_found';
}

export class BookLentAlready extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'book_lent';
  constructor(since: Date) {
    super(`it has been lent since ${since.toISOString()}`);
  }
}

export class ReaderUnknown extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'reader_unknown';
}

export class TitleTaken extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'title_taken';
}

export class Reader extends Aggregate<{ readonly name: string }> {
  static readonly streamType = 'library.reader';
  static readonly NotFound = ReaderUnknown;
  protected readonly evolve = fold<{ readonly name: string }>(on(ReaderRegistered, (_, { name }) => ({ name })));

  register(name: string): void {
    this.record(new ReaderRegistered({ readerId: this.id, name }));
  }
}

interface BookState {
  readonly title: string;
  readonly lentAt?: string;
}

export class Book extends Aggregate<BookState> {
  static readonly streamType = 'library.book';
  static readonly NotFound = BookNotFound;
  protected readonly evolve = fold<BookState>(
    on(BookShelved, (_, { title }) => ({ title })),
    on(BookLent, (book, { lentAt }) => ({ ...book, lentAt })),
    on(BookPulped, () => null),
  );

  shelve(title: string, shelvedBy: string): void {
    this.record(new BookShelved({ bookId: this.id, title, shelvedBy }));
  }

  lend(readerId: string, at: Date): void {
    if (this.state.lentAt) throw new BookLentAlready(new Date(this.state.lentAt));
    this.record(new BookLent({ bookId: this.id, readerId, lentAt: at.toISOString() }));
  }

  dust(at: Date): void {
    this.record(new BookDusted({ bookId: this.id, at: [at] }));
  }

  pulp(): void {
    if (!this.state.lentAt) this.record(new BookPulped({ bookId: this.id }));
  }
}

export abstract class ReaderRepository extends Repository<Reader> {}
export abstract class BookRepository extends Repository<Book> {}

export abstract class ReaderLookup {
  abstract knows(readerId: string): Promise<boolean>;
}

export class RemoteReaderLookup extends ReaderLookup {
  async knows(): Promise<boolean> {
    throw new Error('asked a real server');
  }
}

export abstract class Postman {
  abstract tell(readerId: string): void;
  abstract hasTold(readerId: string): boolean;
}

export class RememberingPostman extends Postman {
  readonly #told: string[] = [];
  get letters(): number {
    return this.#told.length;
  }
  tell(readerId: string): void {
    this.#told.push(readerId);
  }
  hasTold(readerId: string): boolean {
    return this.#told.includes(readerId);
  }
}

@Entity({ schema: 'library', name: 'readers' })
export class ReaderRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') name!: string;
}

@Entity({ schema: 'library', name: 'books' })
export class BookRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') title!: string;
  @Column('timestamptz', { name: 'lent_at', nullable: true }) lentAt!: Date | null;
  @Column('timestamptz', { name: 'shelved_at' }) shelvedAt!: Date;
}

export const readers = projection('library.readers', ReaderRow, {
  inline: true,
  fold: fold(on(ReaderRegistered, (_, { readerId, name }) => ({ id: readerId, name }))),
});

export const books = projection('library.books', BookRow, {
  inline: true,
  unique: { books_title: () => new TitleTaken() },
  fold: fold(
    on(BookShelved, (_, { bookId, title }, { occurredAt }) => ({
      id: bookId,
      title,
      lentAt: null,
      shelvedAt: occurredAt,
    })),
    on(BookLent, (book, { lentAt }) => ({ ...book, lentAt: new Date(lentAt) })),
    on(BookPulped, () => null),
  ),
});

@CommandHandler(RegisterReader)
export class RegisterReaderHandler implements ICommandHandler<RegisterReader> {
  constructor(private readonly readerRepository: ReaderRepository) {}
  async execute({ readerId, name }: RegisterReader): Promise<void> {
    const reader = await this.readerRepository.create(readerId);
    reader.register(name);
    await this.readerRepository.save(reader);
  }
}

@CommandHandler(ShelveBook)
export class ShelveBookHandler implements ICommandHandler<ShelveBook> {
  constructor(
    private readonly bookRepository: BookRepository,
    private readonly actor: Actor,
  ) {}
  async execute({ bookId, title }: ShelveBook): Promise<void> {
    const book = await this.bookRepository.create(bookId);
    book.shelve(title, this.actor.is('librarian') ? 'a librarian' : this.actor.id);
    await this.bookRepository.save(book);
  }
}

@CommandHandler(LendBook)
export class LendBookHandler implements ICommandHandler<LendBook> {
  constructor(
    private readonly bookRepository: BookRepository,
    private readonly lookup: ReaderLookup,
    private readonly clock: Clock,
  ) {}
  async execute({ bookId, userId }: LendBook): Promise<void> {
    const book = await this.bookRepository.get(bookId);
    if (!(await this.lookup.knows(userId))) throw new ReaderUnknown();
    book.lend(userId, this.clock.now());
    await this.bookRepository.save(book);
  }
}

/** Its event holds what JSON cannot carry. */
@CommandHandler(DustBook)
export class DustBookHandler implements ICommandHandler<DustBook> {
  constructor(
    private readonly bookRepository: BookRepository,
    private readonly clock: Clock,
  ) {}
  async execute({ bookId }: DustBook): Promise<void> {
    const book = await this.bookRepository.get(bookId);
    book.dust(this.clock.now());
    await this.bookRepository.save(book);
  }
}

@CommandHandler(PulpBook)
export class PulpBookHandler implements ICommandHandler<PulpBook> {
  constructor(private readonly bookRepository: BookRepository) {}
  async execute({ bookId }: PulpBook): Promise<void> {
    const book = await this.bookRepository.get(bookId);
    book.pulp();
    await this.bookRepository.save(book);
  }
}
