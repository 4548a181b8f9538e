import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RemoveSubscriber } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(RemoveSubscriber)
export class RemoveSubscriberHandler implements ICommandHandler<RemoveSubscriber> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: RemoveSubscriber): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.hearOf({ ...command, subscribed: false });
    await this.people.save(person);
  }
}
