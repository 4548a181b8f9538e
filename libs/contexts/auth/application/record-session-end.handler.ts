import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { RecordSessionEnd } from '../contract/index.js';
import { SessionRepository } from './ports.js';

@CommandHandler(RecordSessionEnd)
export class RecordSessionEndHandler implements ICommandHandler<RecordSessionEnd> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ sessionId, reason }: RecordSessionEnd): Promise<void> {
    const session = await this.sessions.get(sessionId);
    session.end(reason, this.clock.now());
    await this.sessions.save(session);
  }
}
