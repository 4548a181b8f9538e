import type { BirthingPerson } from '../domain/birthing-person.js';
import type { BirthingPersonRepository } from './ports.js';

/** The user, of whom nothing may have been heard yet. */
export const knownPerson = async (people: BirthingPersonRepository, id: string): Promise<BirthingPerson> =>
  (await people.find(id)) ?? people.create(id);
