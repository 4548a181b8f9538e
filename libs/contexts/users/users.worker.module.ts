import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { CreateProfileHandler } from './application/create-profile.handler.js';
import { followAccount } from './application/follow-account.policy.js';
import { ForgetUserHandler } from './application/forget-user.handler.js';
import { UserRepository } from './application/ports.js';
import { RecordIdentityHandler } from './application/record-identity.handler.js';
import { UpdateProfileHandler } from './application/update-profile.handler.js';
import { User } from './domain/user.js';
import { profiles } from './read-models/profile.projection.js';

@ContextWorkerModule({
  name: 'users',
  handlers: [CreateProfileHandler, UpdateProfileHandler, RecordIdentityHandler, ForgetUserHandler],
  projections: [profiles],
  policies: followAccount,
  ports: [repository(UserRepository, User)],
})
export class UsersWorkerModule {}
