import { inspect } from 'node:util';

/** An error's message and stack, cut, as tables keep them. NUL cannot be stored in text. */
export function describedError(error: unknown): [message: string | null, stack: string | null] {
  if (error === undefined) return [null, null];
  const { message, stack } = error instanceof Error ? error : new Error(inspect(error));
  const clean = (text: string, most: number): string => text.replaceAll('\0', '�').slice(0, most);
  return [clean(message, 2_000), stack === undefined ? null : clean(stack, 8_000)];
}
