import { describe, expect, it } from '@jest/globals';

import { LabourUpdateDeleted, type LabourUpdateType } from '../../contract/index.js';
import { ada, labourId, labourUpdateId } from '../../doubles/labour-scenario.js';
import { followedLabours } from './followed-labours.js';

const audience = { all: () => 'all', attending: () => 'those who attend' };

function toldTo(type?: LabourUpdateType): unknown {
  const view = followedLabours.find(({ event }) => event === LabourUpdateDeleted);
  const deleted = new LabourUpdateDeleted({ labourId, birthingPersonId: ada, labourUpdateId, type });
  return view?.to(deleted as never, audience as never);
}

describe('That an update was deleted', () => {
  it.each(['announcement', 'status_update'] as const)('is told to all who could read it: %s', (type) => {
    expect(toldTo(type)).toBe('all');
  });

  it('is told to those alone who attend if it was a private note, or may have been one', () => {
    expect(toldTo('private_note')).toBe('those who attend');
    expect(toldTo()).toBe('those who attend');
  });
});
