import { Repository } from '#kernel';

import { SubscribedAddresses } from '../contract/index.js';
import type { BirthingPerson } from '../domain/birthing-person.js';

export abstract class BirthingPersonRepository extends Repository<BirthingPerson> {}

/** Asks the context that knows how followers are reached. */
export abstract class AddressLookup extends SubscribedAddresses {}
