import { describe, it } from '@jest/globals';

import { ConversionUnattributed, RemoveTouchpoint } from '../contract/index.js';
import { attributionScenario, firstId, happened, visitorId, visitorKey } from '../doubles/attribution-scenario.js';
import { TouchpointListRow } from '../read-models/touchpoint-list.entity.js';

const { clicked, clickRemoved, converted, attributed, unattributed } = happened;
const remove = new RemoveTouchpoint({ visitorKey, visitorId, touchpointId: firstId });

describe('Removing a touchpoint', () => {
  it('is on record, so that it never counts', () =>
    attributionScenario().given(clicked).when(remove).then(clickRemoved));

  it('is on record before the touchpoint is', () => attributionScenario().when(remove).then(clickRemoved));

  it('happens once', () => attributionScenario().given(clicked, clickRemoved).when(remove).thenNothing());

  it('takes it from the touchpoints that are seen', () =>
    attributionScenario().given(clicked).when(remove).thenRow(TouchpointListRow, firstId, null));

  it('has the conversion calculated anew that it led to', () =>
    attributionScenario()
      .given(clicked, converted, attributed)
      .when(remove)
      .then(clickRemoved, new ConversionUnattributed({ ...unattributed, calculationVersion: 2 })));
});
