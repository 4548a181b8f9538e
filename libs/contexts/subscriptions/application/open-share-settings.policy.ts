import { BirthingPersonRegistered } from '#contexts/labour/contract/index.js';
import { policy, send } from '#kernel';

import { OpenShareSettings } from '../contract/index.js';

export const openShareSettings = policy('subscriptions.open_share_settings', BirthingPersonRegistered, {
  then: ({ birthingPersonId }) => [send(new OpenShareSettings({ birthingPersonId }))],
});
