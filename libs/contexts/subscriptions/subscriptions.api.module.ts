import { ContextApiModule } from '#platform/http/context-api-module.js';

import { ShareSettingsController } from './adapters/http/share-settings.controller.js';
import { SubscribersController } from './adapters/http/subscribers.controller.js';
import { SubscriptionsController } from './adapters/http/subscriptions.controller.js';
import { TokenGuesses } from './adapters/limits/token-guesses.js';
import { SubscriptionPersonalData } from './read-models/personal-data.js';
import { ShareSettingsQueries } from './read-models/share-settings.queries.js';
import { SubscriberQueries } from './read-models/subscriber.queries.js';
import { OwnSubscriptionQueries, SubscriptionQueries } from './read-models/subscription.queries.js';

@ContextApiModule({
  name: 'subscriptions',
  tags: { subscriptions: 'Who follows whom, and how they are told' },
  controllers: [SubscribersController, SubscriptionsController, ShareSettingsController],
  queries: [SubscriberQueries, SubscriptionQueries, OwnSubscriptionQueries, ShareSettingsQueries, TokenGuesses],
  personalData: SubscriptionPersonalData,
})
export class SubscriptionsApiModule {}
