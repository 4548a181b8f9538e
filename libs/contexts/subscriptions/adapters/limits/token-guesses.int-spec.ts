import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Problem } from '#platform/http/problem.js';

import { ShareTokenSet } from '../../contract/index.js';
import { RecordedSubscriptions } from '../../doubles/recorded-subscriptions.js';
import { ShareSettingsQueries } from '../../read-models/share-settings.queries.js';
import { TokenGuesses } from './token-guesses.js';

const quarter = 15 * 60;
const token = 'K7QX2MPR4W';
let recorded: RecordedSubscriptions;
let guesses: TokenGuesses;
let caller: string;
let followed: string;

beforeAll(async () => {
  recorded = await RecordedSubscriptions.create();
  guesses = new TokenGuesses(recorded.database, new ShareSettingsQueries(recorded.reading));
});
afterAll(() => recorded?.remove());
beforeEach(async () => {
  [caller, followed] = [newId(), newId()];
  await recorded.happened('2026-03-01T10:00:00.000Z', new ShareTokenSet({ birthingPersonId: followed, token }));
});

/** Lets so many seconds pass for everything that is counted. */
const pass = (seconds: number): Promise<unknown> =>
  recorded.world.rows.query('update subscriptions.limits set expire = expire - $1', [seconds * 1_000]);

/** Seconds to wait; 0 where the token was looked at. */
async function attempt(given: string, { by = caller, at = followed } = {}): Promise<number> {
  try {
    await guesses.attempt(by, at, given);
    return 0;
  } catch (error) {
    if (!(error instanceof Problem) || error.details.reason !== 'token_attempts_exceeded') throw error;
    expect(error.status).toBe(429);
    return Number(error.details.headers?.['Retry-After']);
  }
}

async function guess(times: number): Promise<void> {
  for (let n = 0; n < times; n++) expect(await attempt(`GUESS2222${n + 2}`)).toBe(0);
}

describe('Guesses of a token', () => {
  it('are five within a quarter of an hour: then even the right one is not looked at', async () => {
    await guess(5);
    const wait = await attempt(token);
    expect(wait).toBeGreaterThan(quarter - 60);
    expect(wait).toBeLessThanOrEqual(quarter);
    await pass(quarter + 1);
    expect(await attempt(token)).toBe(0);
  });

  it('are counted by caller and birthing person', async () => {
    await guess(5);
    expect(await attempt('GUESS22222', { by: newId() })).toBe(0);
    expect(await attempt('GUESS22222', { at: newId() })).toBe(0);
    expect(await attempt('GUESS22222')).toBeGreaterThan(0);
  });

  it('cost nothing when they are right', async () => {
    for (let n = 0; n < 12; n++) expect(await attempt(token.toLowerCase())).toBe(0);
    await guess(4);
    expect(await attempt(token)).toBe(0);
    await guess(1);
    expect(await attempt(token)).toBeGreaterThan(0);
  });

  it('are counted where there is nobody to follow, so that nobody learns that', async () => {
    const nobody = newId();
    for (let n = 0; n < 5; n++) expect(await attempt(token, { at: nobody })).toBe(0);
    expect(await attempt(token, { at: nobody })).toBeGreaterThan(0);
  });

  it('are five also when they are made all at once', async () => {
    const waits = await Promise.all(Array.from({ length: 30 }, (_, n) => attempt(`GUESS2222${n}`)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });
});
