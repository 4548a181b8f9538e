import { beforeAll, describe, expect, it } from '@jest/globals';

import * as attribution from '#contexts/attribution/contract/index.js';
import * as auth from '#contexts/auth/contract/index.js';
import * as labour from '#contexts/labour/contract/index.js';
import * as notifications from '#contexts/notifications/contract/index.js';
import * as subscriptions from '#contexts/subscriptions/contract/index.js';
import * as tasks from '#contexts/tasks/contract/index.js';
import * as tracking from '#contexts/tracking/contract/index.js';
import * as users from '#contexts/users/contract/index.js';
import { declaredFields, decode, type Class } from '#kernel';
import type { HttpRequest } from '#testing/http-client.js';

import { ApiDocument, concretePath, type Operation } from '../api-document.js';
import type { Installation } from '../installation.js';
import { Target } from '../target.js';

/** Milliseconds that a text may take, and how often it may be tried: a machine may pause at any time. */
const most = 50;
const rounds = 4;

/** Each is slow for a kind of careless pattern. */
const slowTexts = (length: number): readonly (readonly [string, string])[] => [
  ['one letter', 'a'.repeat(length)],
  ['blanks and an end', `${' '.repeat(length)}x`],
  ['an address', `${'a@'.repeat(length / 2)}!`],
  ['digits', `2030-01-01T00:00:00.${'0'.repeat(length)}!`],
  ['hexadecimals', `#${'0'.repeat(length)}`],
  ['a long id', `${'0-'.repeat(length / 2)}!`],
];

const slowHeaders = (length: number): readonly (readonly [string, string])[] => [
  ...slowTexts(length),
  ['blanks inside', `wait=${' '.repeat(length)}x`],
  ['commas', ','.repeat(length)],
  ['parameters', `a/b${';a=b'.repeat(length / 4)}`],
  ['tags', 'W/"1",'.repeat(length / 6)],
  ['quotes', `"${'\\"'.repeat(length / 2)}`],
  ['character sets', 'charset = '.repeat(length / 10)],
];

export const slowTextsEverywhere = (installation: () => Installation): void =>
  describe('A text that is made to be slow', () => {
    let target: Target;
    let document: ApiDocument;

    beforeAll(async () => {
      target = await Target.at(installation());
      document = await ApiDocument.of(target.owner.http);
    });

    const requestOf = (operation: Operation): HttpRequest => ({
      method: operation.method,
      path: concretePath(operation, (name) => target.idOf(name)),
      body: document.exampleBody(operation),
    });

    /** Milliseconds that the answer takes longer than another; the fewest of several tries. */
    async function longer(slow: HttpRequest, other: HttpRequest): Promise<number> {
      let fewest = Infinity;
      for (let round = 0; round < rounds && fewest >= most; round++) {
        const usual = await timed(() => target.send(other));
        fewest = Math.min(fewest, (await timed(() => target.send(slow))) - usual);
      }
      return fewest;
    }

    it('A25: is judged in less than 50 ms in every message', () => {
      const classes = [auth, users, tasks, notifications, tracking, attribution, labour, subscriptions]
        .flatMap(Object.values<unknown>)
        .filter(
          (value): value is Class<object> =>
            typeof value === 'function' && declaredFields(value as Class<object>).length > 0,
        );
      expect(classes.length).toBeGreaterThan(10);
      const all = classes.flatMap((type) =>
        [...slowTexts(50_000), ['emoji', '👩‍👧'.repeat(10_000)] as const].map(([kind, text]) => {
          const wire = Object.fromEntries(declaredFields(type).map(({ wireName }) => [wireName, text]));
          return { message: type.name, kind, took: fastest(() => judged(type, wire)) };
        }),
      );
      expect(all.filter(({ took }) => took >= most)).toEqual([]);
    });

    it('A25: is judged in less than 50 ms in every field of every route that writes', async () => {
      const fields = document.writes.flatMap((operation) =>
        Object.keys((operation.body && document.resolve(operation.body).properties) ?? {}).map((name) => ({
          operation,
          name,
        })),
      );
      expect(fields.length).toBeGreaterThan(10);
      const tooSlow: unknown[] = [];
      for (const { operation, name } of fields)
        for (const [kind, text] of slowTexts(50_000)) {
          const request = requestOf(operation);
          const body = request.body as object;
          // No validator of texts looks into a list. A password is hashed, which has to take its time.
          const harmless = name.endsWith('password') ? 'x' : [text];
          const other = { ...request, body: { ...body, [name]: harmless } };
          const took = await longer({ ...request, body: { ...body, [name]: text } }, other);
          if (took >= most) tooSlow.push({ operation: operation.name, name, kind, took });
        }
      expect(tooSlow).toEqual([]);
    });

    it('A25: is judged in less than 50 ms in every parameter of a query', async () => {
      const parameters = document.operations.flatMap((operation) =>
        operation.parameters.filter((one) => one.in === 'query').map(({ name }) => ({ operation, name })),
      );
      expect(parameters.length).toBeGreaterThan(10);
      const tooSlow: unknown[] = [];
      for (const { operation, name } of parameters)
        for (const [kind, text] of slowTexts(5_000)) {
          const request = requestOf(operation);
          const slow = { ...request, path: `${request.path}?${new URLSearchParams({ [name]: text }).toString()}` };
          const took = await longer(slow, request);
          if (took >= most) tooSlow.push({ operation: operation.name, name, kind, took });
        }
      expect(tooSlow).toEqual([]);
    });

    it('A25: is judged in less than 50 ms in every header that is read', async () => {
      const others = ['accept', 'content-type', 'authorization', 'traceparent', 'origin'];
      const read = new Map<string, Operation>();
      for (const operation of document.operations.filter(({ secured }) => secured))
        for (const name of [...others, ...headersOf(operation)]) read.set(name, operation);
      expect(read.size).toBeGreaterThan(others.length);
      const tooSlow: unknown[] = [];
      for (const [header, operation] of read)
        for (const [kind, text] of slowHeaders(10_000)) {
          const request = requestOf(operation);
          const took = await longer({ ...request, headers: { [header]: text } }, request);
          if (took >= most) tooSlow.push({ operation: operation.name, header, kind, took });
        }
      expect(tooSlow).toEqual([]);
    });
  });

const headersOf = ({ parameters }: Operation): string[] =>
  parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase());

function judged(type: Class<object>, wire: object): void {
  try {
    decode(type, wire);
  } catch {
    // Refused or not: here it counts how long that took.
  }
}

/** Milliseconds that it takes, the fewest of several tries. */
function fastest(work: () => void): number {
  const took = Array.from({ length: rounds }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...took);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
