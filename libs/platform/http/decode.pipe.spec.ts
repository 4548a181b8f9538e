import { describe, expect, it } from '@jest/globals';
import { PickType } from '@nestjs/mapped-types';
import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsString, Length, Max } from 'class-validator';

import { InvalidMessage, Message, Optional, Trimmed } from '#kernel';

import { DecodePipe } from './decode.pipe.js';

class Search extends Message<Search> {
  @Optional() @IsInt() @Max(100) readonly limit?: number;
  @Optional() @IsString() readonly text?: string;
  @Optional() @IsBoolean() readonly open?: boolean;
  @Optional() @IsArray() @IsIn(['attic', 'cellar'], { each: true }) readonly onFloor?: string[];
}

class RenameRoom extends Message<RenameRoom> {
  @IsString() readonly roomId!: string;
  @Trimmed() @Length(1, 20, { context: { reason: 'name_required' } }) readonly name!: string;
}

class NewName extends PickType(RenameRoom, ['name']) {}

const pipe = new DecodePipe();
const body = (metatype: unknown, value: unknown): unknown =>
  pipe.transform(value, { type: 'body', metatype: metatype as never });
const query = (value: unknown): unknown => pipe.transform(value, { type: 'query', metatype: Search });
const reason = (read: () => unknown): string => {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return (error as InvalidMessage).reason;
  }
};

describe('What a controller is given', () => {
  it('is the message that it names', () => {
    expect(body(RenameRoom, { room_id: 'a', name: 'blue' })).toEqual(new RenameRoom({ roomId: 'a', name: 'blue' }));
  });

  it('is left alone where the controller names no message', () => {
    for (const metatype of [undefined, Object, String, Number, Array])
      expect(body(metatype, { any: 1 })).toEqual({ any: 1 });
    expect(pipe.transform('a', { type: 'param', metatype: String })).toBe('a');
  });

  it('is decoded by the rules of the command that it was picked from', () => {
    expect(body(NewName, { name: 'blue' })).toEqual({ name: 'blue' });
    expect(reason(() => body(NewName, { name: 'blue', room_id: 'a' }))).toBe('field_unknown');
    expect(reason(() => body(NewName, { name: '   ' }))).toBe('name_required');
    expect(body(NewName, { name: ' blue ' })).toEqual({ name: 'blue' });
  });

  it('is refused without a body where the message needs one', () => {
    expect(reason(() => body(NewName, undefined))).toBe('name_required');
    expect(reason(() => body(NewName, null))).toBe('name_required');
  });
});

describe('A query string', () => {
  it('has fractions, too, where the message takes them', () => {
    class Decay extends Message<Decay> {
      @Optional() @IsNumber() readonly days?: number;
    }
    const read = (days: string): unknown =>
      reason(() => pipe.transform({ days }, { type: 'query', metatype: Decay as never }));
    expect([read('3.5'), read('-0.25')]).toEqual(['{"days":3.5}', '{"days":-0.25}']);
    for (const none of ['.5', '5.', '1e3', '1,5', '0x10', '']) expect(read(none)).toBe('is_number');
    expect(reason(() => query({ limit: '3.5' }))).toBe('is_int');
  });

  it('has numbers where the message has them', () => {
    expect(query({ limit: '20', text: '20' })).toEqual(new Search({ limit: 20, text: '20' }));
  });

  it.each(['', '1e2', '0x10', ' 5', '5.5', 'ten', '101'])('has no number in "%s"', (limit) => {
    expect(() => query({ limit })).toThrow(InvalidMessage);
  });

  it('has yes and no where the message has them', () => {
    expect(query({ open: 'true' })).toEqual(new Search({ open: true }));
    expect(query({ open: 'false' })).toEqual(new Search({ open: false }));
    for (const open of ['', '1', 'TRUE', 'yes']) expect(reason(() => query({ open }))).toBe('is_boolean');
  });

  it('names a parameter once', () => {
    expect(reason(() => query({ text: ['a', 'b'] }))).toBe('repeated');
    expect(reason(() => query({ limit: ['1', '2'] }))).toBe('repeated');
  });

  it('repeats a parameter that is a list, or gives it once', () => {
    expect(query({ on_floor: ['attic', 'cellar'] })).toEqual(new Search({ onFloor: ['attic', 'cellar'] }));
    expect(query({ on_floor: 'attic' })).toEqual(new Search({ onFloor: ['attic'] }));
    expect(reason(() => query({ on_floor: ['attic', 'roof'] }))).toBe('is_in');
  });

  it('has no parameters that the message does not know', () => {
    expect(reason(() => query({ colour: 'red' }))).toBe('field_unknown');
    expect(reason(() => query({ onFloor: 'attic' }))).toBe('field_unknown');
  });

  it('is refused when it holds what cannot be stored', () => {
    expect(reason(() => query({ text: 'a\0' }))).toBe('control_character');
    expect(reason(() => query({ text: '\ud800' }))).toBe('lone_surrogate');
    expect(reason(() => query({ on_floor: ['attic', '\0'] }))).toBe('control_character');
  });
});
