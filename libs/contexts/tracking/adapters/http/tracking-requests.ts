import { PickType } from '@nestjs/mapped-types';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsUUID } from 'class-validator';

import { Example, Message, Optional } from '#kernel';

import { DiscardTrackingEvent, RecordTrackingEvent } from '../../contract/index.js';

const interaction = [
  'partnerId',
  'campaignId',
  'visitorId',
  'interactionType',
  'sourceUrl',
  'destinationUrl',
  'occurredAt',
  'metadata',
] as const;

export class NewTrackingEvent extends PickType(RecordTrackingEvent, interaction) {
  /** Of the sender's making: telling the same interaction again under it changes nothing. */
  @Optional() @IsUUID() readonly eventId?: string;
}

export class NewTrackingEvents extends Message<NewTrackingEvents> {
  /** 1 to 100. Each is judged alone. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Example([
    {
      partner_id: 'search.example',
      campaign_id: 'spring-sale',
      visitor_id: 'v-81f3',
      interaction_type: 'click',
      source_url: 'https://search.example/?q=cribs',
      destination_url: 'https://shop.example/cribs?utm_campaign=spring-sale',
    },
  ])
  readonly events!: readonly unknown[];
}

export class Discard extends PickType(DiscardTrackingEvent, ['reason'] as const) {}

/** @param newId makes the id of an interaction that brings none */
export const recordOf = ({ eventId, ...event }: NewTrackingEvent, newId: () => string): RecordTrackingEvent =>
  new RecordTrackingEvent({ ...event, trackingEventId: eventId ?? newId() });
