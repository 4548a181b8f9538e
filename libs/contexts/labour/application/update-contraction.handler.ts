import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { UpdateContraction } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(UpdateContraction)
export class UpdateContractionHandler implements ICommandHandler<UpdateContraction> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: UpdateContraction): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.updateContraction(command, this.clock.now());
    await this.people.save(person);
  }
}
