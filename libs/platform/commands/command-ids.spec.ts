import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { CommandIds, type KeyedRequest } from './command-ids.js';

const ids = new CommandIds('a secret of at least 32 characters');
const ann = '0196a1de-0000-7000-8000-00000000000a';
const bob = '0196a1de-0000-7000-8000-00000000000b';

const request: KeyedRequest = {
  author: ann,
  route: 'POST /api/v1/tasks',
  target: 'POST /api/v1/tasks',
  key: 'k1',
  body: { title: 'a', priority: 'high' },
};
const version = (id: string): string => id.charAt(14);

describe('A command’s id', () => {
  it('is a new UUIDv7 where there is no idempotency key', () => {
    const [one, other] = [ids.issue(ann), ids.issue(ann)] as const;
    expect(one.id).not.toBe(other.id);
    expect([version(one.id), one.keyHash, one.fingerprint]).toEqual(['7', undefined, undefined]);
  });

  it('is known to be its author’s, without having been stored', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.string(), (author, other, key) => {
        fc.pre(author !== other);
        for (const { id } of [ids.issue(author), ids.derive({ ...request, author, key })]) {
          expect(ids.issuedTo(author, id)).toBe(true);
          expect(ids.issuedTo(other, id)).toBe(false);
        }
      }),
    );
  });

  it('is nobody’s when it was made up', () => {
    fc.assert(fc.property(fc.uuid(), (id) => expect(ids.issuedTo(ann, id)).toBe(false)));
  });

  it('is nobody’s when one digit of it was changed', () => {
    const { id } = ids.issue(ann);
    for (const index of [0, 9, 15, 20, 24, 30, 35]) {
      const digit = ((parseInt(id.charAt(index), 16) + 1) % 16).toString(16);
      const changed = `${id.slice(0, index)}${digit}${id.slice(index + 1)}`;
      expect({ index, own: ids.issuedTo(ann, changed) }).toEqual({ index, own: false });
    }
  });

  it('is worth nothing under another secret', () => {
    expect(new CommandIds('another secret of 32 characters!').issuedTo(ann, ids.issue(ann).id)).toBe(false);
  });
});

describe('The ids of the commands that one request becomes', () => {
  const keyed = ids.derive(request);

  it('are its author’s, and differ by their place in it', () => {
    for (const whole of [ids.issue(ann), keyed]) {
      const items = Array.from({ length: 100 }, (_, index) => ids.ofItem(whole, index, ann).id);
      expect(new Set([whole.id, ...items]).size).toBe(101);
      for (const id of items)
        expect([ids.issuedTo(ann, id), ids.issuedTo(bob, id), version(id)]).toEqual([true, false, '8']);
    }
  });

  it('are the same for the same key and content', () => {
    expect(ids.ofItem(ids.derive({ ...request }), 3, ann)).toEqual(ids.ofItem(keyed, 3, ann));
  });

  it('differ with the content, while their keys stay taken', () => {
    const other = ids.derive({ ...request, body: { title: 'b' } });
    const [one, changed] = [keyed, other].map((whole) => ids.ofItem(whole, 3, ann));
    expect(changed?.id).not.toBe(one?.id);
    expect(changed?.keyHash).toEqual(one?.keyHash);
    expect(changed?.fingerprint).not.toEqual(one?.fingerprint);
    expect(one?.keyHash).not.toEqual(keyed.keyHash);
    expect(one?.keyHash).not.toEqual(ids.ofItem(keyed, 4, ann).keyHash);
  });

  it('have no key where the request has none', () => {
    expect(ids.ofItem(ids.issue(ann), 0, ann)).toMatchObject({ keyHash: undefined, fingerprint: undefined });
  });
});

describe('The id of a request with an idempotency key', () => {
  const base = ids.derive(request);

  it('is the same UUIDv8 for the same request', () => {
    expect(ids.derive({ ...request })).toEqual(base);
    expect(version(base.id)).toBe('8');
  });

  it('does not depend on the order of the body’s fields', () => {
    expect(ids.derive({ ...request, body: { priority: 'high', title: 'a' } })).toEqual(base);
  });

  it('differs for another body or path, while the key stays taken', () => {
    for (const change of [{ body: { title: 'b' } }, { body: undefined }, { target: 'POST /api/v1/tasks/7' }]) {
      const other = ids.derive({ ...request, ...change });
      expect(other.id).not.toBe(base.id);
      expect(other.keyHash).toEqual(base.keyHash);
      expect(other.fingerprint).not.toEqual(base.fingerprint);
    }
  });

  it('differs for another key, author or route, and so does what the key is stored as', () => {
    for (const change of [{ key: 'k2' }, { author: bob }, { route: 'POST /api/v1/labour' }]) {
      const other = ids.derive({ ...request, ...change });
      expect(other.id).not.toBe(base.id);
      expect(other.keyHash).not.toEqual(base.keyHash);
    }
  });

  it('differs whenever anything of the request does', () => {
    const any = fc.record({
      author: fc.uuid(),
      route: fc.string(),
      target: fc.string(),
      key: fc.string(),
      body: fc.jsonValue(),
    });
    fc.assert(
      fc.property(any, any, (some, other) => {
        const same = JSON.stringify(some) === JSON.stringify(other);
        fc.pre(!same);
        expect(ids.derive(some).id).not.toBe(ids.derive(other).id);
      }),
    );
  });
});
