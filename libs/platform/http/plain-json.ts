import { InvalidMessage } from '#kernel';

const deepest = 32;
/** Names and items of one body together. */
const mostMembers = 10_000;

/**
 * Refuses what JSON allows but Postgres cannot store or code should never see: control characters, lone surrogates,
 * names of the prototype chain, nesting beyond 32 levels, more than 10,000 members. Walks without recursion, so that depth cannot
 * exhaust the stack.
 * @throws InvalidMessage
 */
export function assertPlainJson(value: unknown): void {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer: '', depth: 0 }];
  let members = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: current, pointer, depth } = next;
    if (typeof current === 'string') assertText(current, pointer);
    if (typeof current !== 'object' || current === null) continue;
    if (depth >= deepest)
      refuse(pointer.slice(0, 100), 'nested_too_deeply', `the body is nested deeper than ${deepest} levels`);
    const entries = Object.entries(current);
    if ((members += entries.length) > mostMembers)
      refuse(pointer, 'too_many_members', `the body has more than ${mostMembers} names and items`);
    for (const [name, child] of entries) {
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

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a request's body.
 * @throws InvalidMessage `malformed_json` when it is not JSON in UTF-8 (a byte order mark is not allowed, RFC 8259), or
 *   what `assertPlainJson` says
 */
export function readJson(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    refuse('', 'malformed_json', 'the body is not JSON in UTF-8');
  }
  assertPlainJson(value);
  return value;
}

// oxlint-disable-next-line no-control-regex -- They are what it looks for.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Refuses control characters (tab, line feed and carriage return are text) and halves of surrogate pairs.
 * @throws InvalidMessage
 */
export function assertText(text: string, pointer: string): void {
  if (control.test(text)) refuse(pointer, 'control_character', 'control characters are not allowed');
  if (!text.isWellFormed()) refuse(pointer, 'lone_surrogate', 'the text holds half of a surrogate pair');
}

function refuse(pointer: string, reason: string, message: string): never {
  throw new InvalidMessage([{ pointer, reason, message }]);
}
