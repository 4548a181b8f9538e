import { expect } from '@jest/globals';

export function same(sentence: string, actual: unknown, expected: unknown): void {
  explained(sentence, () => expect(actual).toStrictEqual(expected));
}

export function alike(sentence: string, actual: object, expected: object): void {
  explained(sentence, () => expect(actual).toMatchObject(expected));
}

/** Says first what the failed check means. */
function explained(sentence: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw prefixed(`${sentence}\n\n`, error as Error);
  }
}

export async function inCase(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw prefixed(`${what}: `, error as Error);
  }
}

function prefixed(sentence: string, error: Error): Error {
  error.message = sentence + error.message;
  return error;
}

/** The failure, with the line of the test instead of the kit's own. */
export function located({ message, cause }: Error, told: Error): Error {
  const failure = new Error(message, cause === undefined ? undefined : { cause });
  const frames = (told.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/\/testing\/scenario\/(policy-)?story\./.test(line));
  failure.stack = [`Error: ${message}`, ...frames].join('\n');
  return failure;
}
