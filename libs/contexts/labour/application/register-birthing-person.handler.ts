import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RegisterBirthingPerson } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(RegisterBirthingPerson)
export class RegisterBirthingPersonHandler implements ICommandHandler<RegisterBirthingPerson> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: RegisterBirthingPerson): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.register();
    await this.people.save(person);
  }
}
