import { eventType, type Projection } from '#kernel';

import type { Duty } from '../engine/engine.js';
import { LazyCheckpoints } from '../event-log/lazy-checkpoints.js';
import { Follower, type FollowerParts } from './follower.js';
import { contextOf } from './projection-states.js';
import { Rebuilder } from './rebuilder.js';

/**
 * What a worker does for read models beside the inline writing: it follows the log for each asynchronous one, and builds
 * anew what is asked for, a context's one after the other.
 */
export class ProjectionDuties {
  readonly duties: readonly Duty[];
  readonly #followers = new Map<string, Follower>();

  /** @throws TypeError when a projection folds what is no event */
  constructor(parts: FollowerParts, projections: readonly Projection[]) {
    for (const { fold } of projections) fold.types.forEach(eventType);
    const shared = { ...parts, checkpoints: new LazyCheckpoints(parts.database) };
    const byContext = Map.groupBy(projections, contextOf);
    this.duties = [
      ...projections
        .filter(({ inline }) => !inline)
        .map((projection): Duty => ({
          name: `projection ${projection.name}`,
          ...fleetOf(contextOf(projection)),
          kind: 'projections',
          make: () => {
            const follower = new Follower(shared, projection);
            this.#followers.set(projection.name, follower);
            return follower;
          },
        })),
      ...[...byContext].map(([context, own]): Duty => ({
        name: `rebuilds ${context}`,
        ...fleetOf(context),
        kind: 'rebuilds',
        make: () => new Rebuilder(parts, own),
      })),
    ];
  }

  /** The asynchronous projections that this worker keeps now. */
  get held(): readonly { readonly projection: string; readonly lag: number; readonly stopped: boolean }[] {
    return [...this.#followers.values()]
      .filter(({ closed }) => !closed)
      .map(({ projection, lag, stopped }) => ({ projection: projection.name, lag, stopped }));
  }
}

/** The platform's own are anybody's. */
const fleetOf = (context: string): { readonly context?: string } => (context === 'platform' ? {} : { context });
