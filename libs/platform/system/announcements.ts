import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { eventType, newId, toWire } from '#kernel';

import { beginning } from '../event-log/cursor.js';
import { eventId, type EventSeal } from '../messaging/cloud-event.js';
import { NotPublished } from '../messaging/command-publisher.js';
import type { EventPublisher } from '../messaging/event-publisher.js';
import { release } from '../release.js';
import { atMost } from '../resilience/at-most.js';
import { ServiceStarted, ServiceStopped } from './service-events.js';

const streamType = 'system.service';
/** An orderly end waits so long for the broker, in milliseconds. */
const patience = 1_000;

/** Tells the exchange of events when its process begins and ends its work. */
export class Announcements {
  readonly #log = new Logger(Announcements.name);
  readonly #closing = new AbortController();
  #told: Promise<void> | undefined;
  #started = false;

  constructor(
    private readonly instanceId: string,
    private readonly service: 'api' | 'worker',
    private readonly contexts: readonly string[],
    private readonly publisher: EventPublisher,
    private readonly seal: EventSeal,
  ) {}

  /** Says that the process has started, as soon as the broker is there. */
  open(): void {
    this.#told ??= this.#begin();
  }

  /** Says that it ends, if it has said that it started. To be called before the publisher closes. */
  async close(): Promise<void> {
    this.#closing.abort();
    await atMost(patience, this.#told);
    if (!this.#started) return;
    await atMost(patience, this.#publish(ServiceStopped, 2));
  }

  async #begin(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted && !this.#started) {
      this.#started = this.publisher.ready && (await this.#publish(ServiceStarted, 1));
      if (!this.#started) await delay(200, undefined, { signal }).catch(() => undefined);
    }
  }

  async #publish(type: typeof ServiceStarted | typeof ServiceStopped, version: number): Promise<boolean> {
    const { instanceId, service, contexts } = this;
    const at = new Date().toISOString();
    const event = new type({ instanceId, service, host: hostname(), pid: process.pid, release, contexts, at });
    const message = this.seal.seal(
      {
        specversion: '1.0',
        id: eventId(streamType, instanceId, version),
        source: '/contextflow/system',
        type: eventType(type).name,
        subject: instanceId,
        time: at,
        datacontenttype: 'application/json',
        sequence: String(version),
        streamtype: streamType,
        actor: `system:${service}`,
        correlationid: newId(),
        causationid: instanceId,
        data: toWire(event),
      },
      beginning,
    );
    try {
      await this.publisher.publish(message);
      return true;
    } catch (error) {
      if (!(error instanceof NotPublished)) throw error;
      this.#log.debug({ message: `${message.type} was not published: ${error.reason}` });
      return false;
    }
  }
}
