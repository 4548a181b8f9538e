import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { AlreadyExists, Clock } from '#kernel';

import { RecordTrackingEvent } from '../contract/index.js';
import type { TrackingEvent } from '../domain/tracking-event.js';
import { TrackingEventRepository } from './ports.js';

@CommandHandler(RecordTrackingEvent)
export class RecordTrackingEventHandler implements ICommandHandler<RecordTrackingEvent> {
  constructor(
    private readonly events: TrackingEventRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: RecordTrackingEvent): Promise<void> {
    const event = await this.#event(command.trackingEventId);
    event.tell(command, this.clock.now());
    await this.events.save(event);
  }

  /** Nearly all are new: to take that for granted saves each a look at the log, and the commit notices where it is not so. */
  async #event(id: string): Promise<TrackingEvent> {
    try {
      return await this.events.create(id);
    } catch (error) {
      if (error instanceof AlreadyExists) return this.events.get(id);
      throw error;
    }
  }
}
