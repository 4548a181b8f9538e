import { fold, on, projection } from '#kernel';

import { TouchpointRegistered, TouchpointRemoved, touchpointsFollow } from '../contract/index.js';
import { TouchpointListRow } from './touchpoint-list.entity.js';

/** It follows the log, since touchpoints are many and nobody decides by these rows. */
export const touchpointList = projection(touchpointsFollow, TouchpointListRow, {
  inline: false,
  key: (event) => (event as TouchpointRegistered | TouchpointRemoved).touchpointId,
  fold: fold(
    on(TouchpointRegistered, (_, touchpoint) => ({
      id: touchpoint.touchpointId,
      visitorId: touchpoint.visitorId,
      partnerId: touchpoint.partnerId,
      campaignId: touchpoint.campaignId,
      interactionType: touchpoint.interactionType,
      occurredAt: new Date(touchpoint.occurredAt),
      recordedAt: new Date(touchpoint.recordedAt),
    })),
    on(TouchpointRemoved, () => null),
  ),
});
