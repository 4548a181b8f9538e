import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { PlanLabour } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(PlanLabour)
export class PlanLabourHandler implements ICommandHandler<PlanLabour> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: PlanLabour): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.plan(command);
    await this.people.save(person);
  }
}
