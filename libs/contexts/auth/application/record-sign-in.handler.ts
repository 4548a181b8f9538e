import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { RecordSignIn } from '../contract/index.js';
import { SessionRepository } from './ports.js';

@CommandHandler(RecordSignIn)
export class RecordSignInHandler implements ICommandHandler<RecordSignIn> {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: RecordSignIn): Promise<void> {
    const session = await this.sessions.create(command.sessionId);
    session.begin(command, this.clock.now());
    await this.sessions.save(session);
  }
}
