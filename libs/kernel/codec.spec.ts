import { describe, expect, it } from '@jest/globals';
import { IsArray, IsBoolean, IsIn, IsInt, IsString, IsUUID, Length, MaxLength, Min } from 'class-validator';
import fc from 'fast-check';

import { decode, InvalidMessage, revive, toWire, type Violation } from './codec.js';
import { Message, Nullable, Optional, Trimmed, WireName } from './message.js';

class BookRoom extends Message<BookRoom> {
  @IsString() readonly roomId!: string;
  @IsInt() @Min(1, { context: { reason: 'guests_required' } }) readonly guestCount!: number;
  @IsBoolean() readonly withBreakfast!: boolean;
  @Optional() @IsString() readonly remark?: string;
  @Optional() @IsArray() @IsString({ each: true }) readonly guestNames?: string[];
  @Optional() @WireName('floor_2nd') @IsInt() readonly floor2nd?: number;
}

class NameRoom extends Message<NameRoom> {
  @Trimmed()
  @Length(1, undefined, { message: 'name it', context: { reason: 'name_required' } })
  @MaxLength(10, { context: { reason: 'name_too_long' } })
  readonly roomName!: string;
  @Optional() @IsIn(['attic', 'cellar']) readonly level?: string;
}

class ChangeRoom extends Message<ChangeRoom> {
  @Nullable() @IsString() readonly guest!: string | null;
  @Optional() @Nullable() @IsString() readonly remark?: string | null;
}

class MoveGuest extends Message<MoveGuest> {
  @IsUUID() readonly guestId!: string;
  @Optional() @Nullable() @IsUUID() readonly roomId?: string | null;
  @Optional() @IsArray() @IsUUID(undefined, { each: true }) readonly viaIds?: string[];
  @Optional() @IsString() readonly remark?: string;
}

const booking = fc.record(
  {
    roomId: fc.string({ unit: 'binary' }),
    guestCount: fc.integer({ min: 1 }),
    withBreakfast: fc.boolean(),
    remark: fc.string({ unit: 'binary' }),
    guestNames: fc.array(fc.string()),
    floor2nd: fc.integer(),
  },
  { requiredKeys: ['roomId', 'guestCount', 'withBreakfast'] },
);

const refused = (read: () => unknown): readonly Violation[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidMessage) return error.violations;
    throw error;
  }
  throw new Error('it was taken');
};

const reasons = (read: () => unknown): string[] => refused(read).map(({ pointer, reason }) => `${pointer} ${reason}`);

const good = { room_id: 'a', guest_count: 2, with_breakfast: true };

describe('A message on the wire', () => {
  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(booking, (fields) => {
        const sent = new BookRoom(fields);
        const wire: unknown = JSON.parse(JSON.stringify(toWire(sent)));
        expect(decode(BookRoom, wire)).toEqual(sent);
        expect(revive(BookRoom, wire as Record<string, unknown>)).toEqual(sent);
      }),
    );
  });

  it('has names in snake case, or the name that its field was given', () => {
    const sent = new BookRoom({ roomId: 'a', guestCount: 1, withBreakfast: false, floor2nd: 2 });
    expect(toWire(sent)).toEqual({ room_id: 'a', guest_count: 1, with_breakfast: false, floor_2nd: 2 });
  });

  it('leaves out what is absent', () => {
    const sent = new BookRoom({ roomId: 'a', guestCount: 1, withBreakfast: false, remark: undefined });
    expect(Object.keys(toWire(sent))).toEqual(['room_id', 'guest_count', 'with_breakfast']);
  });

  it('decodes into an instance of its class', () => {
    expect(decode(BookRoom, good)).toBeInstanceOf(BookRoom);
  });
});

describe('Decoding', () => {
  it('refuses what is no object', () => {
    for (const value of [null, undefined, 'text', 3, [], [good]])
      expect(reasons(() => decode(BookRoom, value))).toEqual([' object_expected']);
  });

  it('refuses fields that the message does not have', () => {
    expect(reasons(() => decode(BookRoom, { ...good, colour: 'red' }))).toEqual(['/colour field_unknown']);
  });

  it('refuses a field under the name that it has in the code', () => {
    expect(reasons(() => decode(BookRoom, { ...good, roomId: 'b' }))).toEqual(['/roomId field_unknown']);
  });

  it('takes nothing from the prototype of what it reads', () => {
    const inherited = Object.create({ room_id: 'a' }) as object;
    expect(reasons(() => decode(BookRoom, Object.assign(inherited, { guest_count: 1, with_breakfast: true })))).toEqual(
      ['/room_id is_string'],
    );
    expect(reasons(() => decode(BookRoom, JSON.parse('{"__proto__":{"room_id":"a"}}')))).toContain(
      '/__proto__ field_unknown',
    );
  });

  it('points at unknown names as RFC 6901 has it', () => {
    expect(reasons(() => decode(BookRoom, { ...good, 'a/b~c': 1 }))).toEqual(['/a~1b~0c field_unknown']);
  });

  it('coerces nothing', () => {
    expect(reasons(() => decode(BookRoom, { room_id: 7, guest_count: '2', with_breakfast: 'true' }))).toEqual(
      expect.arrayContaining(['/room_id is_string', '/guest_count is_int', '/with_breakfast is_boolean']),
    );
  });

  it('refuses null where a field may be absent', () => {
    expect(reasons(() => decode(BookRoom, { ...good, remark: null }))).toEqual(['/remark is_string']);
  });

  it('tells what is null from what is absent', () => {
    const both = { guest: null, remark: null };
    expect({ ...decode(ChangeRoom, both) }).toEqual(both);
    expect(toWire(decode(ChangeRoom, both))).toEqual(both);
    expect(Object.keys(decode(ChangeRoom, { guest: 'Ann' }))).toEqual(['guest']);
    expect(revive(ChangeRoom, both)).toEqual(new ChangeRoom(both));
  });

  it('refuses the absence of a field that may only be null', () => {
    expect(reasons(() => decode(ChangeRoom, {}))).toEqual(['/guest is_string']);
  });

  it('validates what a field that may be null or absent holds otherwise', () => {
    expect(reasons(() => decode(ChangeRoom, { guest: 7, remark: false }))).toEqual([
      '/guest is_string',
      '/remark is_string',
    ]);
  });

  it('takes an id for the same in capitals', () => {
    const [guest, room] = ['0196a1de-0000-7000-8000-00000000000a', '0196a1de-0000-7000-8000-00000000000b'];
    const wire = { guest_id: guest, room_id: room, via_ids: [room, guest], remark: 'Ask ANN' };
    const shouted = {
      ...wire,
      guest_id: guest.toUpperCase(),
      room_id: room.toUpperCase(),
      via_ids: [room.toUpperCase(), guest],
    };
    expect(toWire(decode(MoveGuest, shouted))).toEqual(wire);
    expect(toWire(decode(MoveGuest, { guest_id: guest, room_id: null }))).toEqual({ guest_id: guest, room_id: null });
    expect(reasons(() => decode(MoveGuest, { guest_id: 7, via_ids: ['x'] }))).toEqual([
      '/guest_id is_uuid',
      '/via_ids is_uuid',
    ]);
  });

  it('removes white space only where the field says so', () => {
    expect(decode(NameRoom, { room_name: ' \t blue\n' }).roomName).toBe('blue');
    expect(decode(BookRoom, { ...good, remark: ' blue ' }).remark).toBe(' blue ');
  });

  it('finds a name of white space empty', () => {
    expect(reasons(() => decode(NameRoom, { room_name: '   ' }))).toEqual(['/room_name name_required']);
  });

  it('gives the reason that the rule names, else the name of the rule', () => {
    expect(reasons(() => decode(BookRoom, { ...good, guest_count: 0 }))).toEqual(['/guest_count guests_required']);
    expect(reasons(() => decode(NameRoom, { room_name: 'blue', level: 'roof' }))).toEqual(['/level is_in']);
  });

  it('speaks of fields by their wire names', () => {
    const [violation] = refused(() => decode(BookRoom, { ...good, room_id: 1 }));
    expect(violation?.message).toBe('room_id must be a string');
  });

  it('tells all faults at once, under their common reason if there is one', () => {
    expect(new InvalidMessage(refused(() => decode(BookRoom, {}))).reason).toBe('validation_failed');
    expect(new InvalidMessage(refused(() => decode(NameRoom, { room_name: 'x'.repeat(11) }))).reason).toBe(
      'name_too_long',
    );
    expect(new InvalidMessage(refused(() => decode(BookRoom, { ...good, a: 1, b: 2 }))).reason).toBe('field_unknown');
  });

  it('ends with a message or with reasons, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          expect(decode(BookRoom, value)).toBeInstanceOf(BookRoom);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMessage);
        }
      }),
    );
  });
});

describe('Reviving a stored message', () => {
  it('drops fields that the class no longer has', () => {
    expect({ ...revive(BookRoom, { ...good, colour: 'red' }) }).toEqual({
      roomId: 'a',
      guestCount: 2,
      withBreakfast: true,
    });
  });

  it('does not validate again what was valid when it was stored', () => {
    expect(revive(NameRoom, { room_name: 'longer than allowed today' }).roomName).toBe('longer than allowed today');
  });
});
