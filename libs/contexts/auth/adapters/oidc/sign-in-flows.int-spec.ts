import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { OAuthStateInvalid } from './errors.js';
import { SignInFlows, type SignInFlow } from './sign-in-flows.js';

let world: ConnectedDatabase;
let flows: SignInFlows;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  flows = new SignInFlows(await world.connect());
});
afterAll(() => world?.remove());

const begun = async (): Promise<SignInFlow> => {
  const flow = flows.begin();
  await flows.keep('google', flow);
  return flow;
};
const expire = () => world.rows.query(`update auth.oauth_flows set expires_at = now() - interval '1 second'`);
const kept = async (): Promise<number> =>
  (await world.rows.one<{ kept: number }>('select count(*)::int as kept from auth.oauth_flows')).kept;

describe('A sign-in that was begun', () => {
  beforeEach(() => world.rows.query('delete from auth.oauth_flows'));

  it('is known by its state to the browser that began it, once', async () => {
    const { attempt, browser } = await begun();
    expect(await flows.take('google', attempt.state, browser)).toEqual(attempt);
    await expect(flows.take('google', attempt.state, browser)).rejects.toThrow(OAuthStateInvalid);
  });

  it('shares nothing with another', async () => {
    const [one, other] = [await begun(), await begun()];
    const texts = [one, other].flatMap(({ attempt, browser }) => [...Object.values(attempt), browser]);
    expect(new Set(texts).size).toBe(8);
  });

  it('is over when another browser names its state', async () => {
    const [one, other] = [await begun(), await begun()];
    await expect(flows.take('google', one.attempt.state, other.browser)).rejects.toThrow(OAuthStateInvalid);
    await expect(flows.take('google', one.attempt.state, one.browser)).rejects.toThrow(OAuthStateInvalid);
    expect(await flows.take('google', other.attempt.state, other.browser)).toEqual(other.attempt);
  });

  it('is not known to another provider', async () => {
    const { attempt, browser } = await begun();
    await expect(flows.take('github', attempt.state, browser)).rejects.toThrow(OAuthStateInvalid);
    expect(await flows.take('google', attempt.state, browser)).toEqual(attempt);
  });

  it('is taken once by those who come at once', async () => {
    const { attempt, browser } = await begun();
    const takers = Array.from({ length: 8 }, () => flows.take('google', attempt.state, browser));
    const results = await Promise.allSettled(takers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is over after its time, and is cleared away by the next', async () => {
    const { attempt, browser } = await begun();
    await begun();
    await expire();
    await expect(flows.take('google', attempt.state, browser)).rejects.toThrow(OAuthStateInvalid);
    await begun();
    expect(await kept()).toBe(1);
  });
});
