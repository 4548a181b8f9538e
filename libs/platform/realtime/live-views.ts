import { Logger } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

import { eventType, olderNames, type PolicyMeta } from '#kernel';

import { isInfrastructure } from '../database/errors.js';
import type { LoggedEvent } from '../event-log/log-reader.js';
import { revivedEvent } from '../event-log/recorded-event.js';
import { eventId } from '../messaging/cloud-event.js';
import type { LiveView } from './live-view.js';

/** What users are told, by the name of the view. */
export interface Telling {
  readonly name: string;
  readonly data: object;
}

/** The live views of all contexts. */
export class LiveViews {
  readonly #log = new Logger(LiveViews.name);
  /** Wire names of the events that anybody is told of, older versions included. */
  readonly types: readonly string[];

  constructor(
    private readonly views: readonly LiveView[],
    private readonly modules: Pick<ModuleRef, 'get'>,
  ) {
    const names = views.map(({ event }) => eventType(event).name);
    this.types = [...new Set(names.flatMap((name) => [name, ...olderNames(name)]))];
  }

  /**
   * What some of the users are told of an event, by their ids.
   * @param isHere whether a user listens
   * @throws only what another try may cure: a view that fails is left out
   */
  async tellings(logged: LoggedEvent, isHere: (userId: string) => boolean): Promise<ReadonlyMap<string, Telling[]>> {
    const event = revivedEvent(logged.type, logged.data);
    const told = new Map<string, Telling[]>();
    for (const view of this.views.filter((one) => event instanceof one.event)) {
      try {
        const users = [...new Set(await view.to(event as never, this.#from(view)))].filter(isHere);
        if (users.length === 0) continue;
        const telling = { name: view.name, data: view.view(event as never, metaOf(logged)) };
        for (const user of users) told.set(user, [...(told.get(user) ?? []), telling]);
      } catch (error) {
        if (isInfrastructure(error)) throw error;
        const { type, stream_id } = logged;
        this.#log.error({ message: `streams are not told of an event`, view: view.name, type, stream_id, error });
      }
    }
    return told;
  }

  #from({ from }: LiveView): never {
    return (from && this.modules.get(from, { strict: false })) as never;
  }
}

const metaOf = ({ stream_type, stream_id, version, occurred_at, metadata, cursor }: LoggedEvent): PolicyMeta => ({
  eventId: eventId(stream_type, stream_id, version, cursor.era),
  version,
  occurredAt: occurred_at,
  actor: metadata.actor,
});
