import { activeSpan, isSampled, tracing } from '../observability/tracing.js';
import { GroupCommit, StaleUnits, type Written } from './group-commit.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Makes a span of each group: part of the trace of the first of its commands, and linked to the runs of the others. */
export class TracedGroupCommit extends GroupCommit {
  override async write(units: readonly UnitOfWork[]): Promise<ReadonlyMap<UnitOfWork, Written>> {
    const { tracer } = tracing;
    if (!tracer) return super.write(units);
    const runs = units.flatMap(({ envelope: { traceParent } }) => (traceParent === undefined ? [] : [traceParent]));
    const parent = runs.find(isSampled) ?? runs[0];
    const span = tracer.start('commit group', {
      parent,
      links: runs.filter((run) => run !== parent && isSampled(run)),
      attributes: { 'db.system.name': 'postgresql', 'db.operation.batch.size': units.length },
    });
    try {
      return await activeSpan.run(span, () => super.write(units));
    } catch (error) {
      // What decided on a state that has changed since has not failed: it will decide again.
      if (error instanceof StaleUnits) span.set({ 'contextflow.stale_units': error.units.size });
      else span.fail(error);
      throw error;
    } finally {
      span.end();
    }
  }
}
