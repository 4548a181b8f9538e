import type { FactoryProvider } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';

import { providedRevocations, type Revocations } from '../auth/revocations.js';
import { Database } from '../database/database.js';
import { LogReader } from '../event-log/log-reader.js';
import { LogSignal } from '../event-log/log-signal.js';
import { Cursors } from '../http/cursors.js';
import { Privacy } from '../privacy/privacy.js';
import { Hub } from './hub.js';
import type { LiveView } from './live-view.js';
import { LiveViews } from './live-views.js';
import { SettledCommandQueries } from './settled-commands.queries.js';
import { StreamMetrics } from './stream-metrics.js';
import { StreamPlaces } from './stream-places.js';

/** The hub of an API whose contexts have these live views. */
export const realtimeHub = (views: readonly LiveView[]): FactoryProvider<Hub> => ({
  provide: Hub,
  inject: [Database, SettledCommandQueries, Privacy, Cursors, ModuleRef, DiscoveryService, StreamMetrics],
  useFactory: (
    database: Database,
    commands: SettledCommandQueries,
    privacy: Privacy,
    cursors: Cursors,
    modules: ModuleRef,
    discovery: DiscoveryService,
    metrics: StreamMetrics,
  ) => {
    let revocations: readonly Revocations[] | undefined;
    return new Hub({
      commands,
      log: new LogReader(database, privacy),
      views: new LiveViews(views, modules),
      places: new StreamPlaces(cursors),
      // Contexts provide them: they are there when anybody opens a stream.
      isRevoked: (token) => (revocations ??= providedRevocations(discovery)).some((one) => one.isRevoked(token)),
      bell: () => {
        const signal = new LogSignal(database);
        signal.open();
        return signal;
      },
      metrics,
    });
  },
});
