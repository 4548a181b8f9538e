import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

import { declaredFields, eventNamed } from '#kernel';

import type { EventRow } from '../event-log/recorded-event.js';

/** Gathers what one context keeps of a person, for that person to read. */
export abstract class PersonalData {
  /** In the wire's own names, without secrets; undefined when nothing is kept of them. */
  abstract of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** Gathers what all contexts keep of a person. */
export class PersonalDataExport {
  constructor(
    private readonly sources: ReadonlyMap<string, Type<PersonalData>>,
    private readonly modules: ModuleRef,
  ) {}

  /**
   * By context; contexts that keep nothing of the person are left out.
   * @throws DatabaseUnavailable, which the API answers with 503
   */
  async of(userId: string): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
    const kept: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const [context, source] of this.sources) {
      const data = await this.modules.get(source, { strict: false }).of(userId);
      if (data) kept[context] = data;
    }
    return kept;
  }
}

/** What happened to a person, as they may read it: without secrets, and without who did it, who may be somebody else. */
export const happenings = (events: readonly EventRow[]): readonly Readonly<Record<string, unknown>>[] =>
  events.map(({ version, type, data, occurred_at }) => ({
    version,
    type,
    data: withoutSecrets(type, data),
    occurred_at,
  }));

/** Of a type that this release does not know, nothing: what is secret in it, only its class would tell. */
function withoutSecrets(type: string, data: EventRow['data']): EventRow['data'] {
  const known = eventNamed(type);
  const open = known ? declaredFields(known.type).filter(({ secret }) => !secret) : [];
  return Object.fromEntries(
    open.flatMap(({ wireName }) => (data[wireName] === undefined ? [] : [[wireName, data[wireName]]])),
  );
}
