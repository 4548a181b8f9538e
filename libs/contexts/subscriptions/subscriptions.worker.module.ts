import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { PostgresAudience } from './adapters/lookups/postgres-audience.js';
import { PostgresShareSettingsLookup } from './adapters/lookups/postgres-share-settings.lookup.js';
import { PostgresSubscriberLookup } from './adapters/lookups/postgres-subscriber.lookup.js';
import { PostgresSubscriptionLookup } from './adapters/lookups/postgres-subscription.lookup.js';
import { KeyedShareTokens } from './adapters/tokens/keyed-share-tokens.js';
import { ApproveSubscriberHandler } from './application/approve-subscriber.handler.js';
import { BlockSubscriberHandler } from './application/block-subscriber.handler.js';
import { EndSubscriptionHandler } from './application/end-subscription.handler.js';
import { endSubscriptions } from './application/end-subscriptions.policy.js';
import { followAccount } from './application/follow-account.policy.js';
import { ForgetShareSettingsHandler } from './application/forget-share-settings.handler.js';
import { ForgetSubscriberHandler } from './application/forget-subscriber.handler.js';
import { OpenShareSettingsHandler } from './application/open-share-settings.handler.js';
import { openShareSettings } from './application/open-share-settings.policy.js';
import {
  Audience,
  ShareSettingsLookup,
  ShareSettingsRepository,
  ShareTokens,
  SubscriberLookup,
  SubscriberRepository,
  SubscriptionLookup,
  SubscriptionRepository,
} from './application/ports.js';
import { RefreshIdentityHandler } from './application/refresh-identity.handler.js';
import { RegisterSubscriberHandler } from './application/register-subscriber.handler.js';
import { RemoveSubscriberHandler } from './application/remove-subscriber.handler.js';
import { RotateShareTokenHandler } from './application/rotate-share-token.handler.js';
import { SendSubscriberInviteHandler } from './application/send-subscriber-invite.handler.js';
import { SetApprovalRequiredHandler } from './application/set-approval-required.handler.js';
import { SubscribeToHandler } from './application/subscribe-to.handler.js';
import { tellOfLabour } from './application/tell-of-labour.policy.js';
import { tellOfSubscriptions } from './application/tell-of-subscriptions.policy.js';
import { UnblockSubscriberHandler } from './application/unblock-subscriber.handler.js';
import { UnsubscribeFromHandler } from './application/unsubscribe-from.handler.js';
import { UpdateContactMethodsHandler } from './application/update-contact-methods.handler.js';
import { UpdateSubscriberRoleHandler } from './application/update-subscriber-role.handler.js';
import { ShareSettings } from './domain/share-settings.js';
import { Subscriber } from './domain/subscriber.js';
import { Subscription } from './domain/subscription.js';
import { followedLabours } from './read-models/followed-labour.projection.js';
import { shareSettings } from './read-models/share-settings.projection.js';
import { subscribers } from './read-models/subscriber.projection.js';
import { subscriptions } from './read-models/subscription.projection.js';

@ContextWorkerModule({
  name: 'subscriptions',
  handlers: [
    RegisterSubscriberHandler,
    SendSubscriberInviteHandler,
    RefreshIdentityHandler,
    ForgetSubscriberHandler,
    SubscribeToHandler,
    UnsubscribeFromHandler,
    ApproveSubscriberHandler,
    RemoveSubscriberHandler,
    BlockSubscriberHandler,
    UnblockSubscriberHandler,
    UpdateSubscriberRoleHandler,
    UpdateContactMethodsHandler,
    EndSubscriptionHandler,
    OpenShareSettingsHandler,
    RotateShareTokenHandler,
    SetApprovalRequiredHandler,
    ForgetShareSettingsHandler,
  ],
  projections: [subscribers, shareSettings, subscriptions, followedLabours],
  policies: [...followAccount, ...endSubscriptions, openShareSettings, ...tellOfLabour, ...tellOfSubscriptions],
  ports: [
    repository(SubscriberRepository, Subscriber),
    repository(SubscriptionRepository, Subscription),
    repository(ShareSettingsRepository, ShareSettings),
    { provide: SubscriberLookup, useClass: PostgresSubscriberLookup },
    { provide: ShareSettingsLookup, useClass: PostgresShareSettingsLookup },
    { provide: SubscriptionLookup, useClass: PostgresSubscriptionLookup },
    { provide: Audience, useClass: PostgresAudience },
    { provide: ShareTokens, useClass: KeyedShareTokens },
  ],
})
export class SubscriptionsWorkerModule {}
