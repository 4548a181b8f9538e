import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { SetSubscriberRole } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(SetSubscriberRole)
export class SetSubscriberRoleHandler implements ICommandHandler<SetSubscriberRole> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: SetSubscriberRole): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.hearOf(command);
    await this.people.save(person);
  }
}
