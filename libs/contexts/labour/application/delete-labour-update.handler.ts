import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { DeleteLabourUpdate } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(DeleteLabourUpdate)
export class DeleteLabourUpdateHandler implements ICommandHandler<DeleteLabourUpdate> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: DeleteLabourUpdate): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.deleteUpdate(command);
    await this.people.save(person);
  }
}
