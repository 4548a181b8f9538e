import { projection, type Fold } from '#kernel';

import { BirthingPersonForgotten, birthingPersonRecord } from '../contract/index.js';
import { BirthingPersonRow } from './birthing-person.entity.js';

type Row = Omit<BirthingPersonRow, 'version'>;

/** All that is known of a person is in one row: it is written with the stream's events, and read as a whole. */
const row: Fold<Row> = {
  types: [...birthingPersonRecord.types, BirthingPersonForgotten],
  apply: (before, event, meta) => {
    if (event instanceof BirthingPersonForgotten) return null;
    const { birthingPersonId: id } = event as { birthingPersonId: string };
    const after = birthingPersonRecord.apply(before, event, meta);
    return after && { ...after, id, labourIds: after.labours.map((labour) => labour.id) };
  },
};

export const birthingPeople = projection('labour.birthing_people', BirthingPersonRow, { inline: true, fold: row });
