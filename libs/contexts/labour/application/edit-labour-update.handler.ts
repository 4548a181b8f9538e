import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { EditLabourUpdate } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(EditLabourUpdate)
export class EditLabourUpdateHandler implements ICommandHandler<EditLabourUpdate> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: EditLabourUpdate): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.editUpdate(command, this.clock.now());
    await this.people.save(person);
  }
}
