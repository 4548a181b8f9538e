import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { Problem } from '#platform/http/problem.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { PasswordChecks } from '../passwords/password-checks.js';
import { PasswordHashes } from '../passwords/password-hashes.js';
import { FailedSignIns } from './failed-sign-ins.js';
import { LinkRequests } from './link-requests.js';

const quarter = 15 * 60;

let world: ConnectedDatabase;
let database: Database;
let name: string;
let address: string;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
afterAll(() => world.remove());
beforeEach(() => {
  name = `ada+${newId()}@example.org`;
  address = newId();
});

/** Lets so many seconds pass for everything that is counted. */
const pass = (seconds: number): Promise<unknown> =>
  world.rows.query('update auth.limits set expire = expire - $1', [seconds * 1_000]);

async function refusalOf(attempt: Promise<unknown>): Promise<{ reason: string; wait: number } | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 429) throw error;
    return { reason: error.details.reason, wait: Number(error.details.headers?.['Retry-After']) };
  }
}

describe('Failed sign-ins', () => {
  let failures: FailedSignIns;

  beforeAll(() => {
    failures = new FailedSignIns(database);
  });

  async function fail(times: number): Promise<void> {
    for (let n = 0; n < times; n++) await failures.failed(name, address);
  }

  it('lock a name with the fifth', async () => {
    await fail(4);
    expect(await refusalOf(failures.check(name, address))).toBeUndefined();
    await fail(1);
    const refusal = await refusalOf(failures.check(name, address));
    expect(refusal?.reason).toBe('account_locked');
    expect(refusal?.wait).toBeGreaterThan(quarter - 5);
    expect(refusal?.wait).toBeLessThanOrEqual(quarter);
  });

  it('lock it wherever they come from, and nobody else', async () => {
    for (let n = 0; n < 5; n++) await failures.failed(name, newId());
    expect(await refusalOf(failures.check(name, newId()))).toMatchObject({ reason: 'account_locked' });
    expect(await refusalOf(failures.check(newId(), address))).toBeUndefined();
  });

  it('lock it for a quarter of an hour from the last one, and no longer', async () => {
    await fail(4);
    await pass(quarter - 60);
    await fail(1);
    await pass(quarter - 5);
    expect(await refusalOf(failures.check(name, address))).toMatchObject({ reason: 'account_locked' });
    await pass(6);
    expect(await refusalOf(failures.check(name, address))).toBeUndefined();
  });

  it('are not added to, nor prolonged, by attempts on a locked name', async () => {
    await fail(5);
    await pass(600);
    for (let n = 0; n < 10; n++) await refusalOf(failures.check(name, address));
    expect((await refusalOf(failures.check(name, address)))?.wait).toBeLessThanOrEqual(quarter - 600);
  });

  it('are forgotten with a success', async () => {
    await fail(4);
    await failures.succeeded(name);
    await fail(4);
    expect(await refusalOf(failures.check(name, address))).toBeUndefined();
  });

  it('are forgotten for all names of somebody at once', async () => {
    const other = newId();
    for (let n = 0; n < 5; n++) await Promise.all([failures.failed(name, newId()), failures.failed(other, newId())]);
    await failures.succeeded(name, other);
    for (const each of [name, other]) expect(await refusalOf(failures.check(each, address))).toBeUndefined();
  });

  it('stop an address with the hundredth, whatever the names', async () => {
    for (let n = 0; n < 99; n++) await failures.failed(newId(), address);
    expect(await refusalOf(failures.check(name, address))).toBeUndefined();
    await failures.failed(newId(), address);
    expect(await refusalOf(failures.check(name, address))).toMatchObject({ reason: 'too_many_failures' });
    expect(await refusalOf(failures.check(name, newId()))).toBeUndefined();
  });

  it('are counted by all instances of the API together', async () => {
    const others = new FailedSignIns(await world.connect());
    await fail(3);
    for (let n = 0; n < 2; n++) await others.failed(name, address);
    expect(await refusalOf(failures.check(name, address))).toMatchObject({ reason: 'account_locked' });
  });

  it('are stored under no name that anybody could read', async () => {
    await fail(1);
    const keys = await world.rows.query<{ key: string }>('select key from auth.limits');
    expect(keys.map(({ key }) => key).join()).not.toContain(name);
    expect(keys.every(({ key }) => !key.includes('@'))).toBe(true);
  });
});

describe('Passwords that are tried all at once', () => {
  const hashes = new PasswordHashes();
  const account = { isActive: true, passwordHash: null as string | null };
  let checks: PasswordChecks;

  beforeAll(async () => {
    checks = new PasswordChecks(hashes, new FailedSignIns(database));
    account.passwordHash = await hashes.hash('correct horse battery');
  });

  const prove = (password: string): Promise<unknown> =>
    checks.prove({ name, password, address }, () => Promise.resolve(account));

  it('are checked five times, and no more', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => refusalOf(prove(`guess number ${n}`)).then((refusal) => refusal?.reason)),
    );
    expect(outcomes.filter((reason) => reason === undefined)).toHaveLength(5);
    expect(new Set(outcomes)).toEqual(new Set([undefined, 'account_locked', 'too_many_sign_ins']));
  });

  it('are all right where all are', async () => {
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => prove('correct horse battery')));
    expect(outcomes).toEqual(outcomes.map(() => account));
  });

  it('do not open a locked name even when one is right', async () => {
    for (let n = 0; n < 5; n++) expect(await prove(`guess ${n}`)).toBeUndefined();
    expect(await refusalOf(prove('correct horse battery'))).toMatchObject({ reason: 'account_locked' });
    await pass(quarter + 1);
    expect(await prove('correct horse battery')).toBe(account);
  });

  it('count as wrong where nobody may sign in', async () => {
    const claim = { name, password: 'correct horse battery', address };
    const inactive = { ...account, isActive: false };
    expect(await checks.prove(claim, () => Promise.resolve(inactive))).toBeUndefined();
    expect(await checks.prove(claim, () => Promise.resolve(undefined))).toBeUndefined();
  });
});

describe('Links that are asked for', () => {
  let requests: LinkRequests;

  beforeAll(() => {
    requests = new LinkRequests(database);
  });

  it('are three within an hour for one account', async () => {
    const asked: boolean[] = [];
    for (let n = 0; n < 5; n++) asked.push(await requests.forAccount(name));
    expect(asked).toEqual([true, true, true, false, false]);
    await pass(60 * 60 + 1);
    expect(await requests.forAccount(name)).toBe(true);
  });

  it('are twenty within an hour from one address', async () => {
    for (let n = 0; n < 20; n++) expect(await refusalOf(requests.fromAddress(address))).toBeUndefined();
    const refusal = await refusalOf(requests.fromAddress(address));
    expect(refusal?.reason).toBe('too_many_requests');
    expect(refusal?.wait).toBeGreaterThan(3_500);
    expect(await refusalOf(requests.fromAddress(newId()))).toBeUndefined();
  });
});
