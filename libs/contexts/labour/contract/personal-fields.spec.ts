import { describe, expect, it } from '@jest/globals';

import { declaredFields, type Class, type EventMeta } from '#kernel';

import * as contract from './index.js';
import { advicePolicy, birthingPersonRecord, nobodyYet, type BirthingPersonRecord } from './index.js';

const medical = ['firstLabour', 'dueDate', 'intensity', 'notes', 'labourName'];

const messages = (Object.values(contract) as unknown[]).filter(
  (one): one is Class<object> => typeof one === 'function' && declaredFields(one as Class<object>).length > 0,
);

describe('What is told of a body', () => {
  it('is sealed for the person wherever it is said', () => {
    const said = messages.flatMap((type) =>
      declaredFields(type)
        .filter(({ property }) => medical.includes(property))
        .map(({ property, personal }) => ({ field: `${type.name} ${property}`, personal })),
    );
    expect(said.length).toBeGreaterThan(15);
    expect(said.filter(({ personal }) => !personal)).toEqual([]);
  });

  it('may be forgotten, and what is recorded reads on', () => {
    const ids = { labourId: 'l1', birthingPersonId: 'p1' };
    const forgotten = '' as never;
    const span = { startTime: '2026-03-01T10:00:00.000Z', endTime: '2026-03-01T10:01:00.000Z', durationSeconds: 60 };
    const one = { ...ids, contractionId: 'c1', intensity: forgotten };
    const events = [
      new contract.LabourPlanned({ ...ids, firstLabour: forgotten, dueDate: forgotten }),
      new contract.LabourPlanUpdated({ ...ids, firstLabour: forgotten, dueDate: forgotten }),
      new contract.LabourBegun({ ...ids, firstLabour: forgotten, startTime: span.startTime }),
      new contract.ContractionStarted({ ...one, startTime: span.startTime }),
      new contract.ContractionEnded({ ...one, ...span }),
      new contract.ContractionUpdated({ ...one, ...span, changed: ['intensity'] }),
    ];
    const meta: EventMeta = { version: 1, occurredAt: new Date(span.startTime), actor: 'p1' };
    const person = events.reduce(
      (before, event) => birthingPersonRecord.apply(before, event, meta) as BirthingPersonRecord,
      nobodyYet,
    );
    const [labour] = person.labours;
    expect(labour).toMatchObject({ phase: 'early', contractions: [{ id: 'c1', endTime: span.endTime }] });
    expect(labour && advicePolicy.for(labour, meta.occurredAt)).toMatchObject({ go_to_hospital: false });
  });
});
