import { Repository } from '#kernel';

import type { AttributionSettings } from '../contract/index.js';
import type { Settings } from '../domain/settings.js';
import type { Visitor } from '../domain/visitor.js';

export abstract class VisitorRepository extends Repository<Visitor> {}

export abstract class SettingsRepository extends Repository<Settings> {}

/** Asks for the settings as the last committed command left them. */
export abstract class SettingsLookup {
  abstract current(): Promise<AttributionSettings>;
}
