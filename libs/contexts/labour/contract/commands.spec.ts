import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, type Class } from '#kernel';

import * as contract from './index.js';
import {
  AdvanceLabourPhase,
  BeginLabour,
  EndContraction,
  PlanLabour,
  PostLabourUpdate,
  SendLabourInvite,
  StartContraction,
  UpdateContraction,
} from './index.js';

const id = '0196a1de-0000-7000-8000-000000000001';
const ada = '0196a1de-0000-7000-8000-00000000000a';

const judge =
  <T extends object>(type: Class<T>, valid: object) =>
  (fields: object): string => {
    try {
      decode(type, { birthing_person_id: ada, ...valid, ...fields });
      return 'taken';
    } catch (error) {
      return (error as InvalidMessage).reason;
    }
  };

const planned = judge(PlanLabour, { labour_id: id, first_labour: true, due_date: '2030-03-01' });
const begun = judge(BeginLabour, { labour_id: id });
const started = judge(StartContraction, { user_id: ada, contraction_id: id });
const ended = judge(EndContraction, { user_id: ada, intensity: 5 });
const updated = judge(UpdateContraction, { user_id: ada, contraction_id: id });
const posted = judge(PostLabourUpdate, { user_id: ada, labour_update_id: id, type: 'announcement', message: 'x' });
const invited = judge(SendLabourInvite, { email: 'grace@example.org' });
const advanced = judge(AdvanceLabourPhase, { phase: 'active' });

describe('The intensity of a contraction', () => {
  it.each([
    ['starts', started],
    ['ends', ended],
    ['is corrected', updated],
  ])('is a whole number from 0 to 10 when it %s', (_, reasonFor) => {
    for (const intensity of [0, 10]) expect(reasonFor({ intensity })).toBe('taken');
    for (const intensity of [-1, 11, 5.5, '5', null, Number.NaN, true, []])
      expect(reasonFor({ intensity })).toBe('intensity_invalid');
  });

  it('is needed at its end only', () => {
    expect(ended({ intensity: undefined })).toBe('intensity_invalid');
    expect(started({})).toBe('taken');
    expect(updated({})).toBe('taken');
  });
});

describe('Notes', () => {
  it.each([
    ['a beginning', begun],
    ['a contraction that starts', started],
    ['a contraction that ends', ended],
    ['a contraction that is corrected', updated],
  ])('on %s have at most 1,000 characters', (_, reasonFor) => {
    expect(reasonFor({ notes: '' })).toBe('taken');
    expect(reasonFor({ notes: 'x'.repeat(1000) })).toBe('taken');
    expect(reasonFor({ notes: 'x'.repeat(1001) })).toBe('notes_too_long');
  });

  it('are cleared by null where they are corrected', () => {
    expect(updated({ notes: null })).toBe('taken');
    expect(started({ notes: null })).not.toBe('taken');
  });
});

describe('A plan', () => {
  it('may have a name of at most 255 characters that is not blank', () => {
    expect(planned({})).toBe('taken');
    expect(planned({ labour_name: ` ${'x'.repeat(255)} ` })).toBe('taken');
    for (const name of ['', '  ', 'x'.repeat(256)]) expect(planned({ labour_name: name })).toBe('labour_name_invalid');
  });

  it('says when it is due', () => {
    expect(planned({ due_date: '2030-02-30' })).toBe('is_time');
    expect(planned({ due_date: undefined })).toBe('is_time');
  });
});

describe('An update', () => {
  it('has a message of 1 to 1,000 characters', () => {
    expect(posted({ message: ' x '.repeat(333) })).toBe('taken');
    expect(posted({ message: 'x'.repeat(1001) })).toBe('message_too_long');
    for (const message of ['', 5, null, undefined]) expect(posted({ message })).toBe('message_required');
  });

  it('has a type that is known', () => {
    for (const type of ['announcement', 'status_update', 'private_note']) expect(posted({ type })).toBe('taken');
    for (const type of ['rumour', null, undefined]) expect(posted({ type })).toBe('labour_update_type_unknown');
  });
});

describe('A phase that is told by hand', () => {
  it('is one of a labour that goes on', () => {
    for (const phase of ['early', 'active', 'transition', 'pushing']) expect(advanced({ phase })).toBe('taken');
    for (const phase of ['planned', 'complete', 'over', null]) expect(advanced({ phase })).toBe('phase_invalid');
  });
});

describe('An invitation', () => {
  it('goes to an e-mail address', () => {
    expect(invited({ email: ' grace@example.org ' })).toBe('taken');
    for (const email of ['grace', 'grace@example.org, ada@example.org', '', null, `${'x'.repeat(250)}@example.org`])
      expect(invited({ email })).toBe('email_invalid');
  });
});

const classes = Object.values(contract).filter(
  (one) => typeof one === 'function' && one.prototype instanceof Object && 'name' in one,
) as unknown as Class<object>[];

const namesOf = (typeOf: (type: object) => { name: string }): string[] =>
  classes.flatMap((type) => {
    try {
      return [typeOf(type).name];
    } catch {
      return [];
    }
  });

describe('The wire names', () => {
  it('of commands never change', () => {
    expect(namesOf(commandType).sort()).toEqual([
      'labour.add_subscriber.v1',
      'labour.advance_labour_phase.v1',
      'labour.begin_labour.v1',
      'labour.complete_labour.v1',
      'labour.delete_contraction.v1',
      'labour.delete_labour.v1',
      'labour.delete_labour_update.v1',
      'labour.edit_labour_update.v1',
      'labour.end_contraction.v1',
      'labour.forget_birthing_person.v1',
      'labour.plan_labour.v1',
      'labour.post_labour_update.v1',
      'labour.refresh_identity.v1',
      'labour.register_birthing_person.v1',
      'labour.remove_subscriber.v1',
      'labour.send_labour_invite.v1',
      'labour.set_subscriber_role.v1',
      'labour.start_contraction.v1',
      'labour.update_contraction.v1',
      'labour.update_labour_plan.v1',
    ]);
  });

  it('of events never change', () => {
    expect(namesOf(eventType).sort()).toEqual([
      'birthing_person.forgotten.v1',
      'birthing_person.identity_recorded.v1',
      'birthing_person.registered.v1',
      'birthing_person.subscriber_recorded.v1',
      'contraction.deleted.v1',
      'contraction.ended.v1',
      'contraction.started.v1',
      'contraction.updated.v1',
      'labour.begun.v1',
      'labour.completed.v1',
      'labour.deleted.v1',
      'labour.invite_sent.v1',
      'labour.phase_changed.v1',
      'labour.plan_updated.v1',
      'labour.planned.v1',
      'labour.recommendation_changed.v1',
      'labour.update_deleted.v1',
      'labour.update_edited.v1',
      'labour.update_posted.v1',
    ]);
  });

  it('put all commands of a person in one lane, and all that a person wrote under that person’s key', () => {
    for (const type of classes) {
      const declared = [commandType, eventType].flatMap((typeOf) => {
        try {
          return [typeOf(type)];
        } catch {
          return [];
        }
      });
      for (const { subjectField } of declared) expect(subjectField).toBe('birthingPersonId');
      const told = declaredFields(type).filter(({ property }) =>
        ['notes', 'message', 'labourName', 'email', 'name', 'username', 'firstName', 'lastName'].includes(property),
      );
      for (const { personal, property } of told) expect({ property, personal }).toEqual({ property, personal: true });
    }
  });
});
