import { describe, expect, it } from '@jest/globals';
import { OmitType, PartialType, PickType } from '@nestjs/mapped-types';
import { IsInt, IsString } from 'class-validator';

import { declaredFields, Example, Message, Nullable, Optional, Trimmed, WireName, type Field } from './message.js';

class ReadingTaken extends Message<ReadingTaken> {
  @IsString() readonly sensorId!: string;
  @WireName('last_30_mins') @IsInt() readonly last30Mins!: number;
  @Trimmed() @Optional() @IsString() readonly remark?: string;
  @Nullable() @IsString() @Example('hall') readonly room!: string | null;

  summary(): string {
    return `${this.sensorId}: ${this.last30Mins}`;
  }
}

const field = (property: string, wireName: string, said: Partial<Field> = {}): Field => ({
  property,
  wireName,
  trimmed: false,
  id: false,
  optional: false,
  nullable: false,
  example: undefined,
  secret: false,
  personal: false,
  ...said,
});

describe('A message', () => {
  it('takes all of its fields as one argument', () => {
    const reading = new ReadingTaken({ sensorId: 'a', last30Mins: 3, room: null });
    expect({ ...reading }).toEqual({ sensorId: 'a', last30Mins: 3, room: null });
    expect(reading.summary()).toBe('a: 3');
  });

  it('can be made empty, as mapped types and revivers do', () => {
    expect({ ...new ReadingTaken() }).toEqual({});
  });

  it('knows its fields in the order of their declaration, with their wire names', () => {
    expect(declaredFields(ReadingTaken)).toEqual([
      field('sensorId', 'sensor_id'),
      field('last30Mins', 'last_30_mins'),
      field('remark', 'remark', { trimmed: true, optional: true }),
      field('room', 'room', { nullable: true, example: 'hall' }),
    ]);
  });

  it('refuses a field without a decorator', () => {
    class Leaky extends Message<Leaky> {
      @IsString() readonly kept!: string;
      readonly lost!: string;
    }
    expect(() => new Leaky({ kept: 'a', lost: 'b' })).toThrow('Leaky.lost carries no class-validator decorator');
  });

  it('refuses a bare field that only a later construction gives', () => {
    class Sly extends Message<Sly> {
      @IsString() readonly kept!: string;
      readonly lost?: string;
    }
    expect(() => new Sly({ kept: 'a' })).not.toThrow();
    expect(() => new Sly({ kept: 'a', lost: 'b' })).toThrow('Sly.lost');
  });

  it('hands its fields on to a subclass', () => {
    class Corrected extends ReadingTaken {
      @IsString() readonly reason!: string;
    }
    expect(declaredFields(Corrected).map(({ wireName }) => wireName)).toEqual(
      expect.arrayContaining(['sensor_id', 'last_30_mins', 'remark', 'room', 'reason']),
    );
  });
});

describe('A class picked from a message', () => {
  it('keeps all that was said of the fields that it picks', () => {
    class Picked extends PickType(ReadingTaken, ['last30Mins', 'remark', 'room']) {}
    expect(declaredFields(Picked)).toEqual([
      field('last30Mins', 'last_30_mins'),
      field('remark', 'remark', { trimmed: true, optional: true }),
      field('room', 'room', { nullable: true, example: 'hall' }),
    ]);
  });

  it('loses the fields that it omits', () => {
    class Omitted extends OmitType(ReadingTaken, ['sensorId', 'remark', 'room']) {}
    expect(declaredFields(Omitted).map(({ property }) => property)).toEqual(['last30Mins']);
  });

  it('keeps all fields when they only become optional', () => {
    class Partially extends PartialType(ReadingTaken) {}
    expect(declaredFields(Partially).map(({ property }) => property)).toEqual([
      'sensorId',
      'last30Mins',
      'remark',
      'room',
    ]);
  });
});
