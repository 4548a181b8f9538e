import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { DeleteLabour } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(DeleteLabour)
export class DeleteLabourHandler implements ICommandHandler<DeleteLabour> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: DeleteLabour): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.deleteLabour(command.labourId, this.clock.now());
    await this.people.save(person);
  }
}
