import { describe, expect, it } from '@jest/globals';
import { Injectable, type Provider } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { AlreadyExists } from '#kernel';
import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import {
  Book,
  BookDusted,
  BookLent,
  BookLentAlready,
  BookNotFound,
  BookRepository,
  BookRow,
  books,
  BookShelved,
  DustBook,
  DustBookHandler,
  LendBook,
  LendBookHandler,
  Postman,
  PulpBook,
  PulpBookHandler,
  Reader,
  ReaderLookup,
  ReaderRegistered,
  ReaderRepository,
  ReaderRow,
  readers,
  ReaderUnknown,
  RegisterReader,
  RegisterReaderHandler,
  RememberingPostman,
  RemoteReaderLookup,
  ShelveBook,
  ShelveBookHandler,
  ShowFilm,
  TitleTaken,
} from './library.js';
import { assertNoOpenStories } from './open-stories.js';
import { ReadModels } from './read-models.js';
import { scenario } from './scenario.js';

let lendings = 0;

/** Its events depend on how often it ran. */
@CommandHandler(ShelveBook)
class CountingHandler implements ICommandHandler<ShelveBook> {
  constructor(private readonly bookRepository: BookRepository) {}
  async execute({ bookId }: ShelveBook): Promise<void> {
    const book = await this.bookRepository.create(bookId);
    book.shelve(`book ${++lendings}`, userId);
    await this.bookRepository.save(book);
  }
}

/** Takes a second run for a mistake. */
@CommandHandler(ShelveBook)
class OneShotHandler extends ShelveBookHandler {
  #ran = false;
  override async execute(command: ShelveBook): Promise<void> {
    if (this.#ran) throw new Error('I have run before');
    this.#ran = true;
    await super.execute(command);
  }
}

/** Trusts that what it decided once was stored. */
@CommandHandler(ShelveBook)
class TrustingHandler implements ICommandHandler<ShelveBook> {
  constructor(
    private readonly bookRepository: BookRepository,
    private readonly postman: Postman,
  ) {}
  async execute({ bookId, title }: ShelveBook): Promise<void> {
    if (this.postman.hasTold(bookId)) return;
    const book = await this.bookRepository.create(bookId);
    book.shelve(title, userId);
    this.postman.tell(bookId);
    await this.bookRepository.save(book);
  }
}

/** Tells somebody beside what it records. */
@CommandHandler(ShelveBook)
class TellingHandler implements ICommandHandler<ShelveBook> {
  constructor(
    private readonly bookRepository: BookRepository,
    private readonly postman: Postman,
  ) {}
  async execute({ bookId, title }: ShelveBook): Promise<void> {
    const book = await this.bookRepository.create(bookId);
    book.shelve(title, userId);
    this.postman.tell(bookId);
    await this.bookRepository.save(book);
  }
}

const bookPorts = [repository(BookRepository, Book), repository(ReaderRepository, Reader)];
const context = { name: 'library', projections: [books, readers], ports: bookPorts };

@ContextWorkerModule({
  ...context,
  handlers: [RegisterReaderHandler, ShelveBookHandler, LendBookHandler, DustBookHandler, PulpBookHandler],
  ports: [...bookPorts, { provide: ReaderLookup, useClass: RemoteReaderLookup }],
})
class LibraryWorkerModule {}

@ContextWorkerModule({ ...context, handlers: [CountingHandler] })
class CountingWorkerModule {}

@ContextWorkerModule({ ...context, handlers: [OneShotHandler] })
class OneShotWorkerModule {}

@ContextWorkerModule({
  ...context,
  handlers: [TrustingHandler],
  ports: [...bookPorts, { provide: Postman, useClass: RememberingPostman }],
})
class TrustingWorkerModule {}

@ContextWorkerModule({
  ...context,
  handlers: [TellingHandler],
  ports: [...bookPorts, { provide: Postman, useClass: RememberingPostman }],
})
class TellingWorkerModule {}

@Injectable()
class InMemoryReaderLookup extends ReaderLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }
  async knows(readerId: string): Promise<boolean> {
    return this.readModels.rows(ReaderRow).some(({ id }) => id === readerId);
  }
}

class HospitableLookup extends ReaderLookup {
  static made = 0;
  constructor() {
    super();
    HospitableLookup.made++;
  }
  async knows(): Promise<boolean> {
    return true;
  }
}

/** Nest cannot know what it asks for. */
class UndecoratedLookup extends HospitableLookup {
  constructor(readonly readModels: ReadModels) {
    super();
  }
}

const bookId = '0196a1de-0000-7000-8000-000000000001';
const otherBookId = '0196a1de-0000-7000-8000-000000000002';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const stranger = '0196a1de-0000-7000-8000-00000000000b';
const title = 'Spiritual Midwifery';

const registered = new ReaderRegistered({ readerId: userId, name: 'Ina' });
const shelved = new BookShelved({ bookId, title, shelvedBy: userId });
const lent = new BookLent({ bookId, readerId: userId, lentAt: '2026-03-01T10:00:00.000Z' });
const lend = new LendBook({ bookId, userId });
const shelve = new ShelveBook({ bookId, title });

const library = () =>
  scenario(LibraryWorkerModule, { doubles: [{ provide: ReaderLookup, useClass: InMemoryReaderLookup }] });
const failureOf = (story: Promise<void>): Promise<string> =>
  story.then(
    () => 'the story holds',
    ({ message }: Error) => message,
  );

describe('A story', () => {
  it('tells what is recorded, and when that was', () => library().given(registered, shelved).when(lend).then(lent));

  it('tells of another time than the usual one', () =>
    library()
      .given(registered, shelved)
      .at('2026-04-02T08:00:00Z')
      .when(lend)
      .then(new BookLent({ ...lent, lentAt: '2026-04-02T08:00:00.000Z' })));

  it('tells that nothing is recorded', () =>
    library().given(registered, shelved, lent).when(new PulpBook({ bookId })).thenNothing());

  it('tells of a rejection', () => library().given(registered, shelved, lent).when(lend).thenRejected(BookLentAlready));

  it('tells of the rejection by an aggregate that is not there', () =>
    library().given(registered).when(lend).thenRejected(BookNotFound));

  it('tells of the rejection of an id that is taken', () =>
    library().given(shelved).when(shelve).thenRejected(AlreadyExists));

  it('tells of the rejection of a message that breaks the rules of its fields', () =>
    library()
      .when(new ShelveBook({ bookId, title: 7 as never }))
      .thenRejected({ kind: 'invalid' }));

  it('tells what a read model shows', () =>
    library()
      .given(registered, shelved)
      .when(lend)
      .thenRow(BookRow, bookId, {
        version: 2,
        lentAt: new Date('2026-03-01T10:00:00Z'),
        shelvedAt: new Date('2026-03-01T09:00:00Z'),
      }));

  it('tells what a read model does not show any more', () =>
    library().given(shelved).when(new PulpBook({ bookId })).thenRow(BookRow, bookId, null));

  it('begins with commands as well as with events', () =>
    library()
      .givenCommands(new RegisterReader({ readerId: userId, name: 'Ina' }), shelve)
      .when(lend)
      .then(lent));

  it('begins with several streams, and asks a double that knows them', () =>
    library()
      .given(shelved, registered, new BookShelved({ ...shelved, bookId: otherBookId }))
      .when(new LendBook({ bookId: otherBookId, userId }))
      .then(new BookLent({ ...lent, bookId: otherBookId })));

  it('asks a double that does not know them', () =>
    library()
      .given(registered, shelved)
      .when(new LendBook({ bookId, userId: stranger }))
      .thenRejected(ReaderUnknown));

  it('asks doubles that are given by class, by factory or as a value', async () => {
    const everybody: ReaderLookup = { knows: async () => true };
    const given = [
      { provide: ReaderLookup, useClass: HospitableLookup },
      { provide: ReaderLookup, useValue: everybody },
      { provide: ReaderLookup, inject: [ReadModels], useFactory: (rows: ReadModels) => rows && everybody },
    ];
    for (const double of given)
      await scenario(LibraryWorkerModule, { doubles: [double] })
        .given(shelved)
        .when(lend)
        .then(lent);
  });

  it('has doubles of its own in each of its two runs', async () => {
    const doubles = [{ provide: ReaderLookup, useClass: HospitableLookup }];
    HospitableLookup.made = 0;
    for (const _ of ['first', 'second'])
      await scenario(LibraryWorkerModule, { doubles }).given(shelved).when(lend).then(lent);
    expect(HospitableLookup.made).toBe(4);
  });

  it('says who asks, and as what', async () => {
    await library()
      .by(stranger)
      .when(shelve)
      .then(new BookShelved({ ...shelved, shelvedBy: stranger }));
    await library()
      .by(stranger, 'librarian')
      .when(shelve)
      .then(new BookShelved({ ...shelved, shelvedBy: 'a librarian' }));
  });

  it('lets time and authors change on the way', () =>
    library()
      .given(registered)
      .at('2026-01-01T00:00:00Z')
      .by(stranger)
      .givenCommands(shelve)
      .at('2026-01-02T00:00:00Z')
      .by(userId)
      .when(lend)
      .thenRow(BookRow, bookId, { shelvedAt: new Date('2026-01-01'), lentAt: new Date('2026-01-02') }));

  it('says at which version the aggregate is believed to be', async () => {
    const believing = (version: number) => library().given(registered, shelved).expecting(version).when(lend);
    await believing(1).then(lent);
    await believing(2).thenRejected({ kind: 'version_conflict' });
  });

  it('lets the database find a unique constraint violated', () =>
    library().violating('books_title').when(shelve).thenRejected(TitleTaken));

  it('lets the handler run again after one violation', () =>
    library().violating('books_title', 1).when(shelve).then(shelved));

  it('shares its beginning with others', async () => {
    const beginning = library().given(registered, shelved);
    await beginning.given(lent).when(lend).thenRejected(BookLentAlready);
    await beginning.when(lend).then(lent);
  });
});

describe('A story fails', () => {
  it('when other events are recorded, or more, or none', async () => {
    const story = () => library().given(registered, shelved).when(lend);
    const sentence = 'LendBook records other events than the story tells';
    expect(await failureOf(story().then(new BookLent({ ...lent, lentAt: '2026-03-01T10:00:00.001Z' })))).toContain(
      sentence,
    );
    expect(await failureOf(story().then(lent, lent))).toContain(sentence);
    expect(await failureOf(story().then({ ...lent }))).toContain(sentence);
    expect(await failureOf(story().thenNothing())).toContain('LendBook records something');
    expect(
      await failureOf(library().given(registered, shelved, lent).when(new PulpBook({ bookId })).then(lent)),
    ).toContain('PulpBook records other events');
  });

  it('when a command succeeds that it says is rejected', async () => {
    const failure = await failureOf(library().given(registered, shelved).when(lend).thenRejected(BookNotFound));
    expect(failure).toBe('LendBook succeeds, where the story tells of BookNotFound');
  });

  it('when a command is rejected that it says succeeds', async () => {
    const story = () => library().given(registered, shelved, lent).when(lend);
    const sentence = 'LendBook is rejected with book_lent (rule_violation: it has been lent since';
    expect(await failureOf(story().then(lent))).toContain(sentence);
    expect(await failureOf(story().thenNothing())).toContain(sentence);
    expect(await failureOf(story().thenRow(BookRow, bookId, { title }))).toContain(sentence);
  });

  it('when a command is rejected for another reason', async () => {
    const story = () => library().given(registered, shelved, lent).when(lend);
    expect(await failureOf(story().thenRejected(BookNotFound))).toContain('where the story tells of BookNotFound');
    expect(await failureOf(story().thenRejected({ reason: 'book_sold' }))).toContain('"reason":"book_sold"');
  });

  it('when a row is another, is missing, or is there', async () => {
    const story = () => library().given(registered, shelved).when(lend);
    const sentence = `BookRow ${bookId} is not as the story tells`;
    expect(await failureOf(story().thenRow(BookRow, bookId, { title: 'Another' }))).toContain(sentence);
    expect(await failureOf(story().thenRow(BookRow, bookId, null))).toContain(sentence);
    expect(await failureOf(story().thenRow(BookRow, otherBookId, {}))).toContain('is not as the story tells');
  });

  it('when its handler’s events depend on how often it ran', async () => {
    const told = new BookShelved({ ...shelved, title: 'book 1' });
    expect(await failureOf(scenario(CountingWorkerModule).when(shelve).then(told))).toMatch(
      /^run again after a version conflict: ShelveBook records other events/,
    );
  });

  it('when its handler cannot run twice', async () => {
    expect(await failureOf(scenario(OneShotWorkerModule).when(shelve).then(shelved))).toMatch(
      /^delivered more than once: library.shelve_book.v1 failed at each of 3 tries: I have run before/,
    );
  });

  it('when a copy has an effect that the log does not see', async () => {
    const doubles = [{ provide: Postman, useClass: RememberingPostman }];
    expect(await failureOf(scenario(TellingWorkerModule, { doubles }).when(shelve).then(shelved))).toMatch(
      /^delivered more than once: a copy has an effect of its own/,
    );
  });

  it('when its handler trusts in a run that was thrown away', async () => {
    const doubles = [{ provide: Postman, useClass: RememberingPostman }];
    expect(await failureOf(scenario(TrustingWorkerModule, { doubles }).when(shelve).then(shelved))).toMatch(
      /^run again after a version conflict: ShelveBook records other events/,
    );
  });

  it('when an event would not come back from the log as it was', async () => {
    expect(await failureOf(library().given(shelved).when(new DustBook({ bookId })).thenNothing())).toContain(
      'BookDusted loses at on the wire',
    );
    expect(
      await failureOf(
        library()
          .given(new BookShelved({ ...shelved, title: 7 as never }))
          .when(lend)
          .thenNothing(),
      ),
    ).toContain('BookShelved breaks the rules of its own fields');
  });

  it('when a port reaches for a real server', async () => {
    expect(await failureOf(scenario(LibraryWorkerModule).given(shelved).when(lend).then(lent))).toContain(
      'asked a real server',
    );
  });

  it('when what is given cannot be', async () => {
    expect(await failureOf(library().givenCommands(lend).when(lend).then(lent))).toContain(
      'LendBook, which is given, is rejected',
    );
    expect(
      await failureOf(
        library()
          .given(new BookDusted({ bookId, at: [] }))
          .when(lend)
          .then(lent),
      ),
    ).toContain('no aggregate folds BookDusted');
  });

  it('when nobody handles its command', async () => {
    expect(await failureOf(scenario(CountingWorkerModule).when(lend).thenNothing())).toBe(
      'nobody handles library.lend_book.v1: list its handler in CountingWorkerModule',
    );
    expect(
      await failureOf(
        library()
          .when(new ShowFilm({ filmId: bookId }))
          .thenNothing(),
      ),
    ).toContain('is for cinema');
  });

  it('when no API could send its command', async () => {
    expect(
      await failureOf(
        library()
          .when(new ShelveBook({ bookId: 'seven', title }))
          .thenNothing(),
      ),
    ).toContain('its lane must be a UUID');
  });

  it('when a double stands for no port', async () => {
    const doubles = [{ provide: Postman, useClass: RememberingPostman }];
    expect(await failureOf(scenario(LibraryWorkerModule, { doubles }).when(shelve).then(shelved))).toContain(
      'Postman is no port of LibraryWorkerModule',
    );
  });

  it('when a double could not be made', async () => {
    const lending = (double: object) => {
      const doubles = [{ provide: ReaderLookup, ...double } as Provider];
      return failureOf(scenario(LibraryWorkerModule, { doubles }).given(shelved).when(lend).then(lent));
    };
    expect(await lending({ useClass: UndecoratedLookup })).toContain('decorate UndecoratedLookup with @Injectable()');
    expect(await lending({ useExisting: BookRepository })).toContain('the double of ReaderLookup is an alias');
  });

  it('when nothing is committed that could violate the constraint', async () => {
    const story = library().given(registered, shelved, lent).violating('books_title').when(lend);
    expect(await failureOf(story.thenRejected(BookLentAlready))).toContain('commits no event that could violate');
  });

  it('when it has no end', async () => {
    const unended = library().when(shelve) as unknown as Promise<void>;
    expect(await failureOf(Promise.resolve(unended))).toContain('the story has no end');
  });

  it('when nobody waits for it', async () => {
    library().when(shelve);
    expect(assertNoOpenStories).toThrow('a story was begun and not awaited');
    assertNoOpenStories();
  });
});
