import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { BeginLabour } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(BeginLabour)
export class BeginLabourHandler implements ICommandHandler<BeginLabour> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: BeginLabour): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.begin(command, this.clock.now());
    await this.people.save(person);
  }
}
