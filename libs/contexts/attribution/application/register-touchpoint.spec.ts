import { describe, it } from '@jest/globals';

import { ConversionAttributed, RegisterTouchpoint } from '../contract/index.js';
import { attributionScenario, firstId, happened, inputs } from '../doubles/attribution-scenario.js';
import { TouchpointListRow } from '../read-models/touchpoint-list.entity.js';

const { clicked, viewed, clickRemoved, converted, attributed, unattributed } = happened;
const register = new RegisterTouchpoint({ ...clicked });

describe('Registering a touchpoint', () => {
  it('tells where a visitor was seen', () => attributionScenario().when(register).then(clicked));

  it('is seen among the touchpoints', () =>
    attributionScenario()
      .when(register)
      .thenRow(TouchpointListRow, firstId, {
        visitorId: clicked.visitorId,
        partnerId: 'search.example',
        campaignId: 'spring-sale',
        interactionType: 'click',
        occurredAt: new Date(clicked.occurredAt),
      }));

  it('changes nothing when it is registered already', () =>
    attributionScenario().given(clicked).when(register).thenNothing());

  it('changes nothing when it was removed before it came', () =>
    attributionScenario().given(clickRemoved).when(register).thenNothing());

  it('has the conversion calculated anew that it led to', () =>
    attributionScenario()
      .given(converted, unattributed)
      .when(register)
      .then(clicked, new ConversionAttributed({ ...attributed, calculationVersion: 2 })));

  it('has it share with those that are younger', () =>
    attributionScenario()
      .given(viewed, converted, new ConversionAttributed({ ...attributed, touchpoints: [inputs.view] }))
      .when(register)
      .then(
        clicked,
        new ConversionAttributed({ ...attributed, calculationVersion: 2, touchpoints: [inputs.click, inputs.view] }),
      ));
});
