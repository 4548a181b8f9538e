import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { EventParser } from '#testing/event-stream.js';

import { farewell, frame, heartbeat, opening } from './frames.js';

const jsonObject = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());

describe('A frame', () => {
  it('is one event, whatever its data say', () =>
    fc.assert(
      fc.property(fc.array(jsonObject, { maxLength: 5 }), fc.nat(40), (all, cut) => {
        const parser = new EventParser();
        const text = all.map((data, at) => frame('told', data, `id-${at}`)).join('');
        // It may arrive in two parts.
        parser.read(text.slice(0, cut));
        parser.read(text.slice(cut));
        const same = JSON.parse(JSON.stringify(all)) as object[];
        expect(parser.events).toEqual(same.map((data, at) => ({ event: 'told', id: `id-${at}`, data })));
      }),
    ));

  it('cannot be ended by a line break in its data', () => {
    expect(frame('told', { title: 'a\n\nevent: reset\r\ndata: {}' }, '1')).toBe(
      'event: told\nid: 1\ndata: {"title":"a\\n\\nevent: reset\\r\\ndata: {}"}\n\n',
    );
  });

  it('that opens, ends or keeps up a stream is no event, and tells where to go on', () => {
    const parser = new EventParser();
    parser.read(opening('a', 2_000));
    expect(parser).toMatchObject({ events: [], lastId: 'a', retry: 2_000, comments: 0 });
    parser.read(heartbeat('b'));
    expect(parser).toMatchObject({ events: [], lastId: 'b', comments: 1 });
    parser.read(farewell('c', 700));
    expect(parser).toMatchObject({ events: [], lastId: 'c', retry: 700 });
  });
});
