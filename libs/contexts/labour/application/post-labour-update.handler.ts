import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { PostLabourUpdate } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { BirthingPersonRepository } from './ports.js';

@CommandHandler(PostLabourUpdate)
export class PostLabourUpdateHandler implements ICommandHandler<PostLabourUpdate> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: PostLabourUpdate): Promise<void> {
    const person = await knownPerson(this.people, command.birthingPersonId);
    person.postUpdate(command, this.clock.now());
    await this.people.save(person);
  }
}
