import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { UpdateLabourPlan } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(UpdateLabourPlan)
export class UpdateLabourPlanHandler implements ICommandHandler<UpdateLabourPlan> {
  constructor(private readonly people: BirthingPersonRepository) {}

  async execute(command: UpdateLabourPlan): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.updatePlan(command);
    await this.people.save(person);
  }
}
