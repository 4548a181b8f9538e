import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { AddSubscriberHandler } from './application/add-subscriber.handler.js';
import { AdvanceLabourPhaseHandler } from './application/advance-labour-phase.handler.js';
import { BeginLabourHandler } from './application/begin-labour.handler.js';
import { CompleteLabourHandler } from './application/complete-labour.handler.js';
import { DeleteContractionHandler } from './application/delete-contraction.handler.js';
import { DeleteLabourUpdateHandler } from './application/delete-labour-update.handler.js';
import { DeleteLabourHandler } from './application/delete-labour.handler.js';
import { EditLabourUpdateHandler } from './application/edit-labour-update.handler.js';
import { EndContractionHandler } from './application/end-contraction.handler.js';
import { followAccount } from './application/follow-account.policy.js';
import { followSubscriptions } from './application/follow-subscriptions.policy.js';
import { ForgetBirthingPersonHandler } from './application/forget-birthing-person.handler.js';
import { PlanLabourHandler } from './application/plan-labour.handler.js';
import { AddressLookup, BirthingPersonRepository } from './application/ports.js';
import { PostLabourUpdateHandler } from './application/post-labour-update.handler.js';
import { RefreshIdentityHandler } from './application/refresh-identity.handler.js';
import { RegisterBirthingPersonHandler } from './application/register-birthing-person.handler.js';
import { RemoveSubscriberHandler } from './application/remove-subscriber.handler.js';
import { SendLabourInviteHandler } from './application/send-labour-invite.handler.js';
import { SetSubscriberRoleHandler } from './application/set-subscriber-role.handler.js';
import { StartContractionHandler } from './application/start-contraction.handler.js';
import { UpdateContractionHandler } from './application/update-contraction.handler.js';
import { UpdateLabourPlanHandler } from './application/update-labour-plan.handler.js';
import { SubscribedAddresses } from './contract/index.js';
import { BirthingPerson } from './domain/birthing-person.js';
import { birthingPeople } from './read-models/birthing-person.projection.js';

@ContextWorkerModule({
  name: 'labour',
  handlers: [
    AddSubscriberHandler,
    AdvanceLabourPhaseHandler,
    BeginLabourHandler,
    CompleteLabourHandler,
    DeleteContractionHandler,
    DeleteLabourHandler,
    DeleteLabourUpdateHandler,
    EditLabourUpdateHandler,
    EndContractionHandler,
    ForgetBirthingPersonHandler,
    PlanLabourHandler,
    PostLabourUpdateHandler,
    RefreshIdentityHandler,
    RegisterBirthingPersonHandler,
    RemoveSubscriberHandler,
    SendLabourInviteHandler,
    SetSubscriberRoleHandler,
    StartContractionHandler,
    UpdateContractionHandler,
    UpdateLabourPlanHandler,
  ],
  projections: [birthingPeople],
  policies: [...followAccount, ...followSubscriptions],
  ports: [
    repository(BirthingPersonRepository, BirthingPerson),
    { provide: AddressLookup, useExisting: SubscribedAddresses },
  ],
})
export class LabourWorkerModule {}
