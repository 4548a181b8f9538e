import { describe, expect, it } from '@jest/globals';
import type { ModuleRef } from '@nestjs/core';
import { IsString, IsUUID } from 'class-validator';

import { Event, Message, Personal, Secret, toWire } from '#kernel';

import { happenings, PersonalData, PersonalDataExport } from './personal-data.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const occurredAt = new Date('2026-03-01T10:00:00.000Z');

@Event('locker.code_set.v1', 'userId', { private: true })
class LockerCodeSet extends Message<LockerCodeSet> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() readonly label!: string;
  @Secret() @IsString() readonly code!: string;
}

class Lockers extends PersonalData {
  async of(id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return { lockers: [id] };
  }
}

class Nothing extends PersonalData {
  async of(): Promise<undefined> {
    return undefined;
  }
}

describe('All that is kept of a person', () => {
  it('is what each context says, without those that keep nothing', async () => {
    const instances = new Map<unknown, PersonalData>([
      [Lockers, new Lockers()],
      [Nothing, new Nothing()],
    ]);
    const modules = { get: (type: unknown) => instances.get(type) } as ModuleRef;
    const sources = new Map([
      ['gym', Lockers],
      ['library', Nothing],
    ]);
    expect(await new PersonalDataExport(sources, modules).of(userId)).toEqual({ gym: { lockers: [userId] } });
  });
});

describe('What happened to a person', () => {
  it('is told without secrets, and without who did it', () => {
    const data = toWire(new LockerCodeSet({ userId, label: 'Shoes', code: '4711' }));
    const event = { version: 1, type: 'locker.code_set.v1', data, actor: 'somebody', occurred_at: occurredAt };
    expect(happenings([event])).toEqual([
      { version: 1, type: event.type, data: { user_id: userId, label: 'Shoes' }, occurred_at: occurredAt },
    ]);
  });

  it('is told by its name alone where this release does not know what is secret in it', () => {
    const event = { version: 1, type: 'safe.opened.v7', data: { code: '4711' }, actor: 'x', occurred_at: occurredAt };
    expect(happenings([event])).toMatchObject([{ type: 'safe.opened.v7', data: {} }]);
  });
});
