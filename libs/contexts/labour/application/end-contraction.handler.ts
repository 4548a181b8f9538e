import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { EndContraction } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(EndContraction)
export class EndContractionHandler implements ICommandHandler<EndContraction> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: EndContraction): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.endContraction(command, this.clock.now());
    await this.people.save(person);
  }
}
