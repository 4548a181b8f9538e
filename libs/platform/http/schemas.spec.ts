import { describe, expect, it } from '@jest/globals';
import { PickType } from '@nestjs/mapped-types';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';

import { Example, IsTime, Message, Nullable, Optional, Trimmed, WireName } from '#kernel';

import { namedSchemas, pageSchema, schemaRef, wireExample, wireRef, wireSchema } from './schemas.js';

const levels = ['attic', 'cellar'] as const;
const anId = '0196a1de-0000-7000-8000-00000000000a';

class Room extends Message<Room> {
  @IsUUID() @Example(anId) readonly roomId!: string;
  @Trimmed() @Length(1, 20) @Example('Blue room') readonly name!: string;
  @IsIn(levels) @Example('attic') readonly level!: string;
  @Nullable() @IsIn(levels) @Example(null) readonly wing!: string | null;
  @Optional() @Nullable() @IsTime() readonly freeFrom?: string | null;
  @Optional() @IsInt() @Min(1) @Max(9) readonly beds?: number;
  @Optional() @IsBoolean() readonly open?: boolean;
  @Optional() @IsArray() @IsIn(levels, { each: true }) readonly near?: string[];
  @Optional() @IsArray() @IsString({ each: true }) @MaxLength(5, { each: true }) readonly tags?: string[];
  @Optional() @WireName('last_30_mins') @IsInt() readonly last30Mins?: number;
  @Optional() @IsObject() readonly metadata?: object;
  @Optional()
  @IsObject()
  @ValidateBy({ name: 'few', validator: { validate: (value: object) => Object.keys(value).length < 9 } })
  readonly labels?: Readonly<Record<string, string>>;
  @Optional() @Matches(/^a/) readonly code?: string;
}

class RoomChanges extends PickType(Room, ['name', 'wing', 'freeFrom']) {}

const properties = (type: Parameters<typeof wireSchema>[0]) => wireSchema(type).properties as Record<string, unknown>;

describe('The schema of a message', () => {
  it('is that of an object without other fields', () => {
    expect(wireSchema(Room)).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it('has the names of the wire, in the order of their declaration', () => {
    expect(Object.keys(properties(Room))).toEqual([
      'room_id',
      'name',
      'level',
      'wing',
      'free_from',
      'beds',
      'open',
      'near',
      'tags',
      'last_30_mins',
      'metadata',
      'labels',
      'code',
    ]);
  });

  it('requires what may not be absent, be it null or not', () => {
    expect(wireSchema(Room).required).toEqual(['room_id', 'name', 'level', 'wing']);
  });

  it('says what validation takes', () => {
    expect(properties(Room)).toMatchObject({
      room_id: { type: 'string', format: 'uuid' },
      name: { type: 'string', minLength: 1, maxLength: 20 },
      level: { type: 'string', enum: ['attic', 'cellar'] },
      beds: { type: 'integer', minimum: 1, maximum: 9 },
      open: { type: 'boolean' },
      last_30_mins: { type: 'integer' },
      metadata: { type: 'object' },
      code: { type: 'string', pattern: '^a' },
    });
  });

  it('leads nowhere for a free map, whatever rule of its own it has', () => {
    expect(properties(Room).labels).toEqual({ type: 'object' });
  });

  it('lets null be where the message does, by type and by value', () => {
    expect(properties(Room)).toMatchObject({
      wing: { type: ['string', 'null'], enum: ['attic', 'cellar', null] },
      free_from: { type: ['string', 'null'], format: 'date-time' },
    });
  });

  it('describes the items of lists', () => {
    expect(properties(Room)).toMatchObject({
      near: { type: 'array', items: { type: 'string', enum: ['attic', 'cellar'] } },
      tags: { type: 'array', items: { type: 'string', maxLength: 5 } },
    });
  });

  it('shows the examples of its fields, null among them', () => {
    expect(properties(Room)).toMatchObject({ name: { examples: ['Blue room'] }, wing: { examples: [null] } });
    expect(properties(Room).beds).not.toHaveProperty('examples');
  });

  it('is kept by a class that picks from it', () => {
    const { name, wing, free_from } = properties(Room);
    expect(wireSchema(RoomChanges)).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: { name, wing, free_from },
      required: ['name', 'wing'],
    });
  });

  it('requires nothing where all may be absent', () => {
    class Nothing extends PickType(Room, ['beds', 'open']) {}
    expect(wireSchema(Nothing)).not.toHaveProperty('required');
  });
});

describe('The example of a message', () => {
  it('is made of the examples of its fields', () => {
    expect(wireExample(Room)).toEqual({ room_id: anId, name: 'Blue room', level: 'attic', wing: null });
  });

  it('is none where a field that must be there has none', () => {
    class Unsaid extends Message<Unsaid> {
      @IsString() readonly text!: string;
      @IsString() @Example('b') readonly other!: string;
    }
    expect(wireExample(Unsaid)).toBeUndefined();
  });
});

describe('A schema’s name', () => {
  it('is the name of its class, and the document has it once', () => {
    const reference = { $ref: '#/components/schemas/Room' };
    expect([wireRef(Room), wireRef(Room)]).toEqual([reference, reference]);
    expect(namedSchemas().Room).toEqual(wireSchema(Room));
  });

  it('belongs to one schema', () => {
    schemaRef('Window', { type: 'object' });
    expect(() => schemaRef('Window', { type: 'string' })).toThrow('two schemas are called Window');
  });
});

describe('A page of a list', () => {
  it('holds items, where to go on, and how many there are if that was asked', () => {
    expect(pageSchema(Room)).toMatchObject({
      required: ['items', 'next_cursor'],
      properties: {
        items: { type: 'array', items: { $ref: '#/components/schemas/Room' } },
        next_cursor: { type: ['string', 'null'] },
        total: { type: 'integer' },
      },
    });
  });
});
