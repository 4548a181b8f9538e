import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { SendLabourInvite } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(SendLabourInvite)
export class SendLabourInviteHandler implements ICommandHandler<SendLabourInvite> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: SendLabourInvite): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.invite(command.email, this.clock.now());
    await this.people.save(person);
  }
}
