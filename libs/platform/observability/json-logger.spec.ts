import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { correlation } from './correlation.js';
import { JsonLogger } from './json-logger.js';

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => void jest.restoreAllMocks());

async function lines(log: () => void): Promise<Record<string, unknown>[]> {
  log();
  await new Promise(setImmediate);
  const text = written.join('');
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('The log', () => {
  const logger = new JsonLogger('verbose', { app: 'api' });

  it('has one line an entry, whatever an entry holds', async () => {
    const entries = await lines(() => {
      logger.log('two\nlines\r\n\u2028', 'Http');
      logger.warn({ message: 'a\nb', detail: 'c\nd' });
      logger.error(new Error('e\nf'));
    });
    expect(entries.map(({ message }) => message)).toEqual(['two\nlines\r\n\u2028', 'a\nb', 'e\nf']);
  });

  it('says when, how bad, by whom and where', async () => {
    const [entry] = await lines(() => logger.log('hello', 'Http'));
    expect(entry).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'info',
      app: 'api',
      context: 'Http',
      message: 'hello',
    });
  });

  it('has the fields of an object beside the others', async () => {
    expect(await lines(() => logger.log({ message: 'handled', duration_ms: 3 }, 'Command'))).toMatchObject([
      { message: 'handled', duration_ms: 3, context: 'Command' },
    ]);
  });

  it('names the request or command that a line belongs to', async () => {
    const entries = await lines(() =>
      correlation.run({ correlationId: 'c1', userId: 'ann' }, () => logger.log('hello')),
    );
    expect(entries).toMatchObject([{ correlation_id: 'c1', user_id: 'ann' }]);
  });

  it('keeps the stack of an error', async () => {
    const entries = await lines(() => {
      logger.error('broken', 'Error: broken\n  at x', 'Http');
      logger.fatal(new TypeError('worse'), 'Http');
    });
    expect(entries[0]).toMatchObject({
      level: 'error',
      message: 'broken',
      stack: 'Error: broken\n  at x',
      context: 'Http',
    });
    expect(entries[1]).toMatchObject({ level: 'fatal', message: 'worse', stack: expect.stringContaining('TypeError') });
  });

  it('leaves out what is less important than its level', async () => {
    const quiet = new JsonLogger('warn');
    const entries = await lines(() => {
      for (const level of ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] as const) quiet[level](level);
    });
    expect(entries.map(({ level }) => level)).toEqual(['warn', 'error', 'fatal']);
  });

  it('writes lines of one turn together', async () => {
    await lines(() => ['a', 'b', 'c'].forEach((text) => logger.log(text)));
    expect(written).toHaveLength(1);
  });

  it('never breaks the code that writes it', async () => {
    const circular: Record<string, unknown> = { message: 'round' };
    circular.self = circular;
    const entries = await lines(() => {
      logger.log(circular);
      logger.log({ message: 'big', count: 1n });
    });
    expect(entries.map(({ message }) => message)).toEqual(['round', 'big']);
  });
});
