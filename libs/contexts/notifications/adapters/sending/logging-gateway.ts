import { Logger } from '@nestjs/common';

import type { Delivery, MessageGateway, OutgoingMessage } from '../../application/ports.js';
import type { Channel } from '../../contract/index.js';
import { masked } from '../../domain/contact.js';

/** For development: says in the log that there is a message, and takes it as sent. What it says is not repeated there. */
export class LoggingGateway implements MessageGateway {
  readonly #log = new Logger(LoggingGateway.name);

  constructor(
    private readonly channel: Channel,
    private readonly setting: string,
  ) {}

  send({ notificationId, recipient, title, message, attempt }: OutgoingMessage): Promise<Delivery> {
    this.#log.log({
      message: `not sent, since ${this.setting} is not set`,
      channel: this.channel,
      notification_id: notificationId,
      recipient: masked(this.channel, recipient),
      characters: title.length + message.length,
      attempt,
    });
    return Promise.resolve({ kind: 'accepted', externalId: `log:${notificationId}` });
  }
}
