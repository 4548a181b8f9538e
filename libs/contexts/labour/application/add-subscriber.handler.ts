import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { AddSubscriber } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(AddSubscriber)
export class AddSubscriberHandler implements ICommandHandler<AddSubscriber> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: AddSubscriber): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.hearOf({ ...command, subscribed: true });
    await this.people.save(person);
  }
}
