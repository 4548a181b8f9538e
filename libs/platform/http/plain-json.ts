import { isUtf8 } from 'node:buffer';

import { InvalidMessage } from '#kernel';

const deepest = 32;
/** Names and items of one body together. */
const mostMembers = 10_000;

/**
 * Refuses what JSON allows but Postgres cannot store or code should never see: control characters, lone surrogates,
 * names of the prototype chain, nesting beyond 32 levels, more than 10,000 members.
 * @throws InvalidMessage
 */
export function assertPlainJson(value: unknown): void {
  if (membersLeft(value, 0, mostMembers) < 0) refuseUnplain(value);
}

/** How many more members there may be; negative when something is to be refused, which is then looked for with its pointer. */
function membersLeft(value: unknown, depth: number, most: number): number {
  if (typeof value === 'string') return isText(value) ? most : -1;
  if (typeof value !== 'object' || value === null) return most;
  if (depth >= deepest) return -1;
  const names = Object.keys(value);
  let left = most - names.length;
  for (let index = 0; left >= 0 && index < names.length; index++) {
    const name = names[index] as string;
    if (isForbidden(name) || !isText(name)) return -1;
    left = membersLeft((value as Readonly<Record<string, unknown>>)[name], depth + 1, left);
  }
  return left;
}

function refuseUnplain(value: unknown): void {
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
      if (isForbidden(name)) refuse(pointer, 'name_forbidden', `"${name}" is not allowed as a name`);
      open.push({
        value: child,
        pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        depth: depth + 1,
      });
    }
  }
}

const isForbidden = (name: string): boolean => name === '__proto__' || name === 'constructor' || name === 'prototype';

/**
 * Reads a request's body.
 * @throws InvalidMessage `malformed_json` when it is not JSON in UTF-8 (a byte order mark is not allowed, RFC 8259), or
 *   what `assertPlainJson` says
 */
export function readJson(body: Buffer): unknown {
  let value: unknown;
  try {
    value = isUtf8(body) ? JSON.parse(body.toString('utf8')) : refuseJson();
  } catch {
    refuseJson();
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

const isText = (text: string): boolean => !control.test(text) && text.isWellFormed();

const refuseJson = (): never => refuse('', 'malformed_json', 'the body is not JSON in UTF-8');

function refuse(pointer: string, reason: string, message: string): never {
  throw new InvalidMessage([{ pointer, reason, message }]);
}
