import { describe, expect, it } from '@jest/globals';

import { Gate } from './gate.js';

/** Sends somebody through; tells who is inside, in which order. */
function passage() {
  const gate = new Gate();
  const inside: string[] = [];
  return {
    inside,
    enter: async (name: string, alone = false) => {
      await gate.enter(alone);
      inside.push(name);
    },
    leave: async (name: string, alone = false) => {
      inside.splice(inside.indexOf(name), 1);
      gate.leave(alone);
      await new Promise(setImmediate);
    },
  };
}

describe('The gate', () => {
  it('is left by work that fails', async () => {
    const gate = new Gate();
    const failing = gate.beside(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await gate.enter(true);
  });

  it('lets many pass side by side', async () => {
    const { enter, inside } = passage();
    await Promise.all([enter('a'), enter('b'), enter('c')]);
    expect(inside).toEqual(['a', 'b', 'c']);
  });

  it('lets a suspect in when nobody else is inside', async () => {
    const { enter, leave, inside } = passage();
    await Promise.all([enter('a'), enter('b')]);
    void enter('suspect', true);
    await leave('a');
    expect(inside).toEqual(['b']);
    await leave('b');
    expect(inside).toEqual(['suspect']);
  });

  it('keeps the others out while a suspect is inside', async () => {
    const { enter, inside } = passage();
    await enter('suspect', true);
    for (const name of ['a', 'b']) void enter(name);
    void enter('next suspect', true);
    await new Promise(setImmediate);
    expect(inside).toEqual(['suspect']);
  });

  it('lets nobody overtake a suspect that waits', async () => {
    const { enter, leave, inside } = passage();
    await enter('a');
    void enter('suspect', true);
    void enter('b');
    await new Promise(setImmediate);
    expect(inside).toEqual(['a']);
    await leave('a');
    expect(inside).toEqual(['suspect']);
    await leave('suspect', true);
    expect(inside).toEqual(['b']);
  });

  it('lets all in who wait behind a suspect, up to the next one', async () => {
    const { enter, leave, inside } = passage();
    await enter('suspect', true);
    for (const name of ['a', 'b']) void enter(name);
    void enter('next', true);
    void enter('c');
    await leave('suspect', true);
    expect(inside).toEqual(['a', 'b']);
  });
});
