import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { AdvanceLabourPhase } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(AdvanceLabourPhase)
export class AdvanceLabourPhaseHandler implements ICommandHandler<AdvanceLabourPhase> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: AdvanceLabourPhase): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.advance(command);
    await this.people.save(person);
  }
}
