import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { DiscardTrackingEvent } from '../contract/index.js';
import { TrackingEventRepository } from './ports.js';

@CommandHandler(DiscardTrackingEvent)
export class DiscardTrackingEventHandler implements ICommandHandler<DiscardTrackingEvent> {
  constructor(
    private readonly events: TrackingEventRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ trackingEventId, reason }: DiscardTrackingEvent): Promise<void> {
    const event = await this.events.get(trackingEventId);
    event.discard(reason, this.clock.now());
    await this.events.save(event);
  }
}
