import { Injectable } from '@nestjs/common';

import type { Channel } from '../contract/index.js';
import { EmailGateway, SmsGateway, type Delivery, type OutgoingMessage } from './ports.js';

/** Finds who carries a message. */
@Injectable()
export class Gateways {
  constructor(
    private readonly email: EmailGateway,
    private readonly sms: SmsGateway,
  ) {}

  send(channel: Channel, message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    return (channel === 'sms' ? this.sms : this.email).send(message, signal);
  }
}
