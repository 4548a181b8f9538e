import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { PostgresSettingsLookup } from './adapters/lookups/postgres-settings.lookup.js';
import { followTracking } from './application/follow-tracking.policy.js';
import { SettingsLookup, SettingsRepository, VisitorRepository } from './application/ports.js';
import { RecalculateConversionHandler } from './application/recalculate-conversion.handler.js';
import { RecordConversionHandler } from './application/record-conversion.handler.js';
import { RegisterTouchpointHandler } from './application/register-touchpoint.handler.js';
import { RemoveTouchpointHandler } from './application/remove-touchpoint.handler.js';
import { ReverseConversionHandler } from './application/reverse-conversion.handler.js';
import { UpdateAttributionSettingsHandler } from './application/update-attribution-settings.handler.js';
import { Settings } from './domain/settings.js';
import { Visitor } from './domain/visitor.js';
import { conversionList } from './read-models/conversion-list.projection.js';
import { creditList } from './read-models/credit-list.projection.js';
import { settingsModel } from './read-models/settings.projection.js';
import { touchpointList } from './read-models/touchpoint-list.projection.js';

@ContextWorkerModule({
  name: 'attribution',
  handlers: [
    RegisterTouchpointHandler,
    RemoveTouchpointHandler,
    RecordConversionHandler,
    ReverseConversionHandler,
    RecalculateConversionHandler,
    UpdateAttributionSettingsHandler,
  ],
  projections: [settingsModel, conversionList, touchpointList, creditList],
  policies: followTracking,
  ports: [
    repository(VisitorRepository, Visitor),
    repository(SettingsRepository, Settings),
    { provide: SettingsLookup, useClass: PostgresSettingsLookup },
  ],
})
export class AttributionWorkerModule {}
