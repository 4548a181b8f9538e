import { Repository } from '#kernel';

import type { User } from '../domain/user.js';

export abstract class UserRepository extends Repository<User> {}
