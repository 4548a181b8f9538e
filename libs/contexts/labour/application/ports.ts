import { Repository } from '#kernel';

import type { BirthingPerson } from '../domain/birthing-person.js';

export abstract class BirthingPersonRepository extends Repository<BirthingPerson> {}
