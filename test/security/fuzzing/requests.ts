import fc from 'fast-check';

import type { ApiDocument, Operation, Parameter, Schema } from '../api-document.js';

export const callers = ['owner', 'stranger', 'admin', 'nobody', 'forger'] as const;
export type Caller = (typeof callers)[number];

/** Which of the things that there are a path means, or the text in its place. */
export type PathId = { readonly known: number } | { readonly text: string };

export interface FuzzedRequest {
  /** The operation's name. */
  readonly operation: string;
  readonly caller: Caller;
  readonly ids: Readonly<Record<string, PathId>>;
  readonly query: readonly [string, string][];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Texts on which programs have stumbled. */
const nasty = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\u001b[2J',
  '\r\n',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\ufffe',
  '👩‍👩‍👧‍👦',
  '\u202e',
  'e\u0301',
  '\u0130',
  "' or 1=1 --",
  '%',
  '_',
  '\\',
  '__proto__',
  'constructor',
  'null',
  'true',
  '-0',
  '1e400',
  '9007199254740993',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '-271821-04-20T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
);
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.string({ minLength: 1, maxLength: 5 }).map((part) => part.repeat(4_000)),
);

/** What a header may carry at all: Latin 1 without control characters. */
const headerText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0xa0, max: 0xff }).map((code) => String.fromCodePoint(code)), maxLength: 20 }),
  fc.constantFrom('', '*', '"', 'null', '0', ',', ';', '=', 'x'.repeat(3_000)),
);

const between = (from: string, to: string): fc.Arbitrary<string> =>
  fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true }).map((date) => date.toISOString());
const moment = fc.oneof(
  { weight: 4, arbitrary: between('2100-01-01', '2200-01-01') },
  { weight: 1, arbitrary: between('1900-01-01', '2020-01-01') },
);

const sometimes = <T>(value: fc.Arbitrary<T>, share: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: Math.round(share * 100), arbitrary: value },
    { weight: Math.round((1 - share) * 100), arbitrary: fc.constant(undefined) },
  );

/** Makes requests out of the API's document, some as it wants them, most not. */
export class Requests {
  constructor(
    private readonly document: ApiDocument,
    /** Ids that fit where a field wants one. */
    private readonly knownIds: readonly string[],
  ) {}

  any(): fc.Arbitrary<FuzzedRequest> {
    return fc.oneof(
      ...this.document.operations.map((operation) => ({
        weight: operation.body ? 6 : operation.method === 'GET' ? 2 : 3,
        arbitrary: this.of(operation),
      })),
    );
  }

  of(operation: Operation): fc.Arbitrary<FuzzedRequest> {
    const { parameters } = operation;
    const inQuery = parameters.filter(({ in: where }) => where === 'query');
    return fc.record({
      operation: fc.constant(operation.name),
      caller: fc.oneof(
        { weight: 6, arbitrary: fc.constant<Caller>('owner') },
        { weight: 2, arbitrary: fc.constantFrom<Caller>(...callers) },
      ),
      ids: this.#ids(parameters.filter(({ in: where }) => where === 'path')),
      query: this.#query(inQuery),
      headers: this.#headers(operation),
      body: this.#body(operation),
    });
  }

  #ids(parameters: readonly Parameter[]): fc.Arbitrary<Readonly<Record<string, PathId>>> {
    const id = fc.oneof(
      { weight: 8, arbitrary: fc.record({ known: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ text: fc.uuid() }) },
      { weight: 2, arbitrary: fc.record({ text: fc.oneof(text, fc.constantFrom('%', '%zz', '%00', '..', '.')) }) },
    );
    return fc.record(Object.fromEntries(parameters.map(({ name }) => [name, id])));
  }

  #query(parameters: readonly Parameter[]): fc.Arbitrary<[string, string][]> {
    if (parameters.length === 0) return fc.constant<[string, string][]>([]);
    const each = parameters.map(({ name, schema }) => {
      const good = this.#valid(schema.items ?? schema).map(String);
      return fc.tuple(fc.constant(name), fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: text }));
    });
    const one = fc.oneof(...each);
    const unknown = fc.tuple(fc.string({ maxLength: 10 }), text);
    const some = fc.array(fc.oneof({ weight: 12, arbitrary: one }, { weight: 1, arbitrary: unknown }), {
      maxLength: 4,
    });
    return fc.oneof({ weight: 1, arbitrary: fc.constant<[string, string][]>([]) }, { weight: 4, arbitrary: some });
  }

  #headers({ parameters }: Operation): fc.Arbitrary<Readonly<Record<string, string>>> {
    const good: Readonly<Record<string, fc.Arbitrary<string>>> = {
      prefer: fc.oneof(
        { weight: 3, arbitrary: fc.constant('wait=1') },
        { weight: 1, arbitrary: fc.constantFrom('respond-async', 'wait=0', 'wait="1"', 'handling=strict, wait=1;a=b') },
      ),
      'if-match': fc.constantFrom('"1"', '"2"', '*', '"3"'),
      'if-none-match': fc.constantFrom('"1"', '"2"', '*', 'W/"1", "7"'),
      'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('a', 'b', 'c')),
      'command-deadline': moment,
      'x-correlation-id': fc.uuid(),
    };
    const named = parameters
      .filter(({ in: where }) => where === 'header')
      .map(({ name }) => {
        const header = name.toLowerCase();
        const fine = good[header] ?? headerText;
        // Nobody is to wait for long here, not even by chance.
        const odd = header === 'prefer' ? headerText.filter((value) => !/wait/i.test(value)) : headerText;
        return [header, fc.oneof({ weight: 5, arbitrary: fine }, { weight: 1, arbitrary: odd })] as const;
      });
    const common = [
      ['accept', fc.constantFrom('*/*', 'application/json', 'text/html', 'application/problem+json', '')],
      ['content-type', fc.constantFrom('application/json; charset=utf-8', 'text/plain', 'application/json; charset=x')],
    ] as const;
    const often: Readonly<Record<string, number>> = {
      prefer: 0.7,
      'idempotency-key': 0.4,
      accept: 0.04,
      'content-type': 0.04,
    };
    const all = [...named, ...common].map(
      ([header, value]) => [header, sometimes(value, often[header] ?? 0.2)] as const,
    );
    return fc
      .record(Object.fromEntries(all))
      .map((given) =>
        Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
      );
  }

  #body({ body, method }: Operation): fc.Arbitrary<string | undefined> {
    const none = fc.constant<string | undefined>(undefined);
    if (method === 'GET') return none;
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
      text,
      fc.constantFrom('{', '[]', 'null', '\ufeff{}', '{"a":1}}', '['.repeat(5_000), '{"__proto__":{}}'),
    );
    if (!body)
      return fc.oneof(
        { weight: 6, arbitrary: none },
        { weight: 1, arbitrary: fc.constant('{}') },
        { weight: 1, arbitrary: anything },
      );
    const valid = this.#valid(body) as fc.Arbitrary<Record<string, unknown>>;
    return fc.oneof(
      { weight: 8, arbitrary: valid.map((value) => JSON.stringify(value)) },
      { weight: 5, arbitrary: this.#spoilt(valid, body).map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: anything },
      { weight: 1, arbitrary: none },
    );
  }

  /** What the schema wants, but for one thing. */
  #spoilt(valid: fc.Arbitrary<Record<string, unknown>>, schema: Schema): fc.Arbitrary<Record<string, unknown>> {
    const names = Object.keys(this.document.resolve(schema).properties ?? {});
    const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.constant('x'.repeat(100_000)));
    const foreign = fc.oneof(text, fc.constantFrom('user_id', 'role', 'id', 'version'));
    const name =
      names.length > 0
        ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: foreign })
        : foreign;
    const changed = fc.tuple(valid, name, value).map(([whole, field, other]) => {
      const entries = Object.entries(whole).filter(([known]) => known !== field);
      return Object.fromEntries([...entries, [field, other]]);
    });
    const left = fc.tuple(valid, name).map(([whole, field]) => {
      const entries = Object.entries(whole).filter(([known]) => known !== field);
      return Object.fromEntries(entries);
    });
    return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: left });
  }

  #valid(reference: Schema): fc.Arbitrary<unknown> {
    const schema = this.document.resolve(reference);
    const types = [schema.type ?? 'string'].flat();
    const [type] = types;
    const value = this.#ofType(type as string, schema);
    return types.includes('null')
      ? fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
      : value;
  }

  #ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
    const { enum: values, format, pattern, minLength, maxLength, items, properties = {}, required = [] } = schema;
    if (values) return fc.constantFrom(...values);
    if (format === 'uuid') return fc.oneof(fc.constantFrom(...this.knownIds), fc.uuid());
    if (format === 'date-time') return moment;
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
    switch (type) {
      case 'integer':
      case 'number':
        return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000 });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(this.#valid(items ?? {}), { maxLength: 5 });
      case 'object':
        return fc.record(
          Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, this.#valid(field)])),
          { requiredKeys: [...required] },
        );
      default:
        return fc.oneof(
          fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength ?? 50, 50) }),
          fc.constant('x'.repeat(maxLength ?? 100)),
        );
    }
  }
}
