import { Injectable } from '@nestjs/common';

import { Clock } from '#kernel';

import type { Channel } from '../contract/index.js';
import {
  EmailGateway,
  PushGateway,
  SmsGateway,
  WallClock,
  WhatsAppGateway,
  type Delivery,
  type OutgoingMessage,
} from './ports.js';

/** What became of an attempt, and when: never before its command was accepted. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly at: Date;
}

/** Finds who carries a message. */
@Injectable()
export class Gateways {
  constructor(
    private readonly email: EmailGateway,
    private readonly sms: SmsGateway,
    private readonly whatsapp: WhatsAppGateway,
    private readonly push: PushGateway,
    private readonly clock: Clock,
    private readonly wallClock: WallClock,
  ) {}

  async send(channel: Channel, message: OutgoingMessage, signal: AbortSignal): Promise<Attempt> {
    if (channel === 'in_app') throw new Error('What is told in the app is delivered when it is requested');
    const delivery = await this[channel].send(message, signal);
    const [accepted, ended] = [this.clock.now(), this.wallClock.now()];
    return { delivery, at: ended > accepted ? ended : accepted };
  }
}
