import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { SendLabourInvite } from '../contract/index.js';
import { knownPerson } from './known-person.js';
import { AddressLookup, BirthingPersonRepository } from './ports.js';

@CommandHandler(SendLabourInvite)
export class SendLabourInviteHandler implements ICommandHandler<SendLabourInvite> {
  constructor(
    private readonly people: BirthingPersonRepository,
    private readonly addresses: AddressLookup,
    private readonly clock: Clock,
  ) {}

  async execute({ birthingPersonId, email }: SendLabourInvite): Promise<void> {
    const person = await knownPerson(this.people, birthingPersonId);
    const isSubscribed = await this.addresses.include(birthingPersonId, email);
    person.invite({ email, isSubscribed }, this.clock.now());
    await this.people.save(person);
  }
}
