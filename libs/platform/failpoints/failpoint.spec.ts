import { afterEach, describe, expect, it } from '@jest/globals';

import { armFailpoints, failpoint } from './failpoint.js';

afterEach(() => armFailpoints(''));

describe('A failpoint', () => {
  it('is nothing unless it is armed', () => {
    expect(failpoint('engine.before_commit')).toBeUndefined();
    armFailpoints('engine.after_commit=throw');
    expect(failpoint('engine.before_commit')).toBeUndefined();
  });

  it('throws where it was armed to', async () => {
    armFailpoints('engine.before_commit=throw');
    await expect(failpoint('engine.before_commit')).rejects.toThrow('failpoint engine.before_commit');
  });

  it('may be meant for one label', async () => {
    armFailpoints('engine.before_handle(a)=throw');
    expect(failpoint('engine.before_handle', 'b')).toBeUndefined();
    await expect(failpoint('engine.before_handle', 'a')).rejects.toThrow('failpoint engine.before_handle');
  });

  it('may be meant for one hit, counted among those that it is meant for', async () => {
    armFailpoints('engine.before_handle(a)=throw@2');
    expect(failpoint('engine.before_handle', 'b')).toBeUndefined();
    expect(failpoint('engine.before_handle', 'a')).toBeUndefined();
    await expect(failpoint('engine.before_handle', 'a')).rejects.toThrow('failpoint engine.before_handle');
    expect(failpoint('engine.before_handle', 'a')).toBeUndefined();
  });

  it('may hold up the process or only its caller', async () => {
    armFailpoints('one.spin=spin:5, one.delay=delay:5');
    for (const name of ['one.spin', 'one.delay']) {
      const started = performance.now();
      await failpoint(name);
      expect(performance.now() - started).toBeGreaterThanOrEqual(4);
    }
  });

  it.each(['engine', 'engine=explode', 'engine()=throw', 'engine=throw@x', 'engine=throw:1:2'])(
    'is not written "%s"',
    (text) => {
      expect(() => armFailpoints(text)).toThrow(TypeError);
    },
  );
});
