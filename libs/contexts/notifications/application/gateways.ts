import { Injectable } from '@nestjs/common';

import type { Channel } from '../contract/index.js';
import {
  EmailGateway,
  PushGateway,
  SmsGateway,
  WhatsAppGateway,
  type Delivery,
  type OutgoingMessage,
} from './ports.js';

/** Finds who carries a message. */
@Injectable()
export class Gateways {
  constructor(
    private readonly email: EmailGateway,
    private readonly sms: SmsGateway,
    private readonly whatsapp: WhatsAppGateway,
    private readonly push: PushGateway,
  ) {}

  async send(channel: Channel, message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    if (channel === 'in_app') throw new Error('What is told in the app is delivered when it is requested');
    return this[channel].send(message, signal);
  }
}
