import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { StartContraction } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(StartContraction)
export class StartContractionHandler implements ICommandHandler<StartContraction> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: StartContraction): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.startContraction(command, this.clock.now());
    await this.people.save(person);
  }
}
