import type { Actor } from '#kernel';

import type { Asker } from '../domain/asker.js';

export const askerOf = (actor: Actor): Asker => ({ id: actor.id, inCharge: actor.is('admin') || actor.is('system') });
