import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { ForgetBirthingPerson } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(ForgetBirthingPerson)
export class ForgetBirthingPersonHandler implements ICommandHandler<ForgetBirthingPerson> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: ForgetBirthingPerson): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.forget();
    await this.people.save(person);
  }
}
