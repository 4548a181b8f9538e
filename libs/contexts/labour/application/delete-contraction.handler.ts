import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { DeleteContraction } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(DeleteContraction)
export class DeleteContractionHandler implements ICommandHandler<DeleteContraction> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: DeleteContraction): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.deleteContraction(command, this.clock.now());
    await this.people.save(person);
  }
}
