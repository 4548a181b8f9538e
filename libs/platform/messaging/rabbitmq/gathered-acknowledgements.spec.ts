import { describe, expect, it } from '@jest/globals';

import { GatheredAcknowledgements } from './gathered-acknowledgements.js';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

/** What the broker is told: a tag, or all up to it. */
function acknowledgements() {
  const told: string[] = [];
  const gathered = new GatheredAcknowledgements((tag, upTo) => told.push(upTo ? `..${tag}` : String(tag)));
  const settled = async (...tags: number[]): Promise<string[]> => {
    for (const tag of tags) gathered.settle(tag);
    await nextTurn();
    return told.splice(0);
  };
  return { gathered, settled, told };
}

describe('Deliveries that are settled in one turn', () => {
  it('are acknowledged with one message, in whatever order they were settled', async () => {
    const { settled } = acknowledgements();
    expect(await settled(2, 1, 3)).toEqual(['..3']);
    expect(await settled(4)).toEqual(['..4']);
    expect(await settled()).toEqual([]);
  });

  it('are acknowledged each for itself after one that is not settled', async () => {
    const { settled } = acknowledgements();
    expect(await settled(1, 2, 4, 6)).toEqual(['..2', '4', '6']);
    expect(await settled(7)).toEqual(['7']);
  });

  it('name only what is new to the broker when a gap closes', async () => {
    const { settled } = acknowledgements();
    expect(await settled(2, 3)).toEqual(['2', '3']);
    expect(await settled(1)).toEqual(['..1']);
    expect(await settled(5, 4)).toEqual(['..5']);
    expect(await settled(7, 8)).toEqual(['7', '8']);
    expect(await settled(6, 10)).toEqual(['..6', '10']);
  });

  it('are told at once when they have to be', async () => {
    const { gathered, settled, told } = acknowledgements();
    gathered.settle(1);
    gathered.settle(2);
    gathered.tell();
    expect(told).toEqual(['..2']);
    expect(await settled()).toEqual(['..2']);
  });
});
