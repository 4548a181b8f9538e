import { ContextApiModule } from '#platform/http/context-api-module.js';

import { AttributionController } from './adapters/http/attribution.controller.js';
import { ConversionsController } from './adapters/http/conversions.controller.js';
import { ConversionQueries } from './read-models/conversion.queries.js';
import { CreditQueries } from './read-models/credit.queries.js';
import { JourneyQueries } from './read-models/journey.queries.js';
import { ReportQueries } from './read-models/report.queries.js';
import { SettingsQueries } from './read-models/settings.queries.js';

@ContextApiModule({
  name: 'attribution',
  tags: { attribution: 'Which touchpoints earned what of which conversion' },
  controllers: [ConversionsController, AttributionController],
  queries: [ConversionQueries, CreditQueries, JourneyQueries, ReportQueries, SettingsQueries],
})
export class AttributionApiModule {}
