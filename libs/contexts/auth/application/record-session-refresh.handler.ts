import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { RecordSessionRefresh } from '../contract/index.js';
import { SessionRepository } from './ports.js';

@CommandHandler(RecordSessionRefresh)
export class RecordSessionRefreshHandler implements ICommandHandler<RecordSessionRefresh> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ sessionId }: RecordSessionRefresh): Promise<void> {
    const session = await this.sessions.get(sessionId);
    session.refresh(this.clock.now());
    await this.sessions.save(session);
  }
}
