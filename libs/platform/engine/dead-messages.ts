import { createHash } from 'node:crypto';

import type { Database } from '../database/database.js';
import type { Delivery } from '../messaging/command-source.js';
import { packedBody } from '../operations/parked-bytes.js';
import type { Privacy } from '../privacy/privacy.js';

const keep = {
  name: 'dead_messages_keep',
  text: `
    insert into platform.dead_messages (digest, queue, reason, properties, body, size) values ($1, $2, $3, $4, $5, $6)
    on conflict (digest) do update set seen = dead_messages.seen + 1, last_seen_at = now()`,
};

/** Messages that nobody is known to have sent, kept as bytes: they touch no command's status, since anybody could forge them. */
export class DeadMessages {
  constructor(
    private readonly database: Database,
    private readonly privacy: Privacy,
  ) {}

  /** Resolves once the message is kept. The same message again only raises a count. */
  async keep(queue: string, reason: string, { properties, body }: Delivery): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(properties));
    const digest = createHash('sha256').update(queue).update(bytes).update(body).digest();
    await this.database.query(keep, [digest, queue, reason, bytes, packedBody(body, this.privacy), body.length]);
  }
}
