import { InvalidMessage } from '#kernel';

const deepest = 32;

/**
 * Refuses what JSON allows but Postgres cannot store or code should never see: NUL, lone surrogates, names of the
 * prototype chain, and nesting beyond 32 levels. Walks without recursion, so that depth cannot exhaust the stack.
 * @throws InvalidMessage
 */
export function assertPlainJson(value: unknown): void {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer: '', depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: current, pointer, depth } = next;
    if (typeof current === 'string') assertText(current, pointer);
    if (typeof current !== 'object' || current === null) continue;
    if (depth >= deepest)
      refuse(pointer.slice(0, 100), 'nested_too_deeply', `the body is nested deeper than ${deepest} levels`);
    for (const [name, child] of Object.entries(current)) {
      assertText(name, pointer);
      if (name === '__proto__' || name === 'constructor' || name === 'prototype')
        refuse(pointer, 'name_forbidden', `"${name}" is not allowed as a name`);
      open.push({
        value: child,
        pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        depth: depth + 1,
      });
    }
  }
}

function assertText(text: string, pointer: string): void {
  if (text.includes('\0')) refuse(pointer, 'nul_character', 'the NUL character is not allowed');
  if (!text.isWellFormed()) refuse(pointer, 'lone_surrogate', 'the text holds half of a surrogate pair');
}

function refuse(pointer: string, reason: string, message: string): never {
  throw new InvalidMessage([{ pointer, reason, message }]);
}
