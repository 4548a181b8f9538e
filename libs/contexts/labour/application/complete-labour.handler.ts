import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { CompleteLabour } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(CompleteLabour)
export class CompleteLabourHandler implements ICommandHandler<CompleteLabour> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: CompleteLabour): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.complete(command, this.clock.now());
    await this.people.save(person);
  }
}
