import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefreshIdentity } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(RefreshIdentity)
export class RefreshIdentityHandler implements ICommandHandler<RefreshIdentity> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: RefreshIdentity): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.refreshIdentity(command);
    await this.people.save(person);
  }
}
