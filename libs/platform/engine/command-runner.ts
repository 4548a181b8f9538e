import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import { CommandHandlerNotFoundException, type CommandBus } from '@nestjs/cqrs';

import { commandNamed, decode, DomainError, InvalidMessage } from '#kernel';

import type { Database } from '../database/database.js';
import { DatabaseUnavailable, isInfrastructure, isTransient } from '../database/errors.js';
import { failpoint } from '../failpoints/failpoint.js';
import type { Envelope } from '../messaging/envelope.js';
import type { Outcome } from '../messaging/outcome.js';
import type { Rejection, RejectionKind } from '../messaging/rejection.js';
import { correlation } from '../observability/correlation.js';
import type { EngineMetrics } from '../observability/engine-metrics.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import type { AggregateCache, AggregateCaches } from './aggregate-caches.js';
import type { Committer } from './committer.js';
import type { InlineProjections } from './inline-projections.js';
import { insist } from './insist.js';
import { OutsideHandlers } from './outside-handlers.js';
import { currentUnit, UnitOfWork } from './unit-of-work.js';
import { VersionConflict } from './version-conflict.js';

/** How a run of a command ended. A fault is not an end: the command is to be parked. */
export type End =
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'fault'; readonly error: unknown; readonly attempts: number };

const mostTries = 3;
const mostSuspicion = 3;
const mostConflicts = 100;

class CannotDecide extends Error {}

/** Runs the handler of one command until its end is committed. */
export class CommandRunner {
  readonly #log = new Logger('Command');
  readonly #unhandled = new Set<string>();
  #handled = 0;

  constructor(
    private readonly bus: CommandBus,
    private readonly database: Database,
    private readonly committer: Committer,
    private readonly projections: InlineProjections,
    private readonly caches: AggregateCaches,
    private readonly metrics?: EngineMetrics,
    private readonly privacy: Privacy = withoutKeys,
    private readonly outside = new OutsideHandlers([]),
  ) {}

  /** How many commands have been settled since the process started. */
  get handled(): number {
    return this.#handled;
  }

  /** Whether this process knows the command and has not found yet that nobody handles it. */
  supports(type: string, context: string): boolean {
    return commandNamed(type)?.context === context && !this.#unhandled.has(type);
  }

  /** @param refusal it is to be rejected with, instead of being handled */
  async run(envelope: Envelope, cache: AggregateCache, refusal?: Rejection): Promise<End> {
    this.caches.lend(envelope, cache);
    const started = performance.now();
    return correlation.run({ correlationId: envelope.correlationId, userId: envelope.author }, async () => {
      const end = await this.#attempt(envelope, cache, refusal);
      const line = {
        message: 'command handled',
        type: envelope.type,
        command_id: envelope.id,
        status: end.kind === 'settled' ? end.outcome.status : end.kind,
        duration_ms: Math.round((performance.now() - started) * 10) / 10,
      };
      if (end.kind === 'fault') this.#log.error({ ...line, error: String(end.error) });
      else this.#log.log(line);
      if (end.kind === 'settled') {
        this.#handled++;
        this.metrics?.handled(envelope.type, (performance.now() - started) / 1000);
      }
      return end;
    });
  }

  /** A fault is tried three times within a second. Infrastructure errors burn no try. */
  async #attempt(envelope: Envelope, cache: AggregateCache, given?: Rejection): Promise<End> {
    let tries = 0;
    let suspicion = 0;
    let conflicts = 0;
    let violations = 0;
    let again = false;
    const late = envelope.deadline !== undefined && envelope.deadline.getTime() < Date.now();
    const refusal = given ?? (late ? tooLate : undefined);
    // What is outside is not undone when the commit finds out that the command was a copy.
    if (!refusal && this.outside.has(envelope.type)) {
      const outcome = await insist(this.database, () => this.committer.outcomeOf(envelope.id));
      if (outcome) return { kind: 'settled', outcome };
    }
    const fault = async (error: unknown): Promise<End | undefined> => {
      this.metrics?.fault(envelope.type);
      if (++tries >= mostTries) return { kind: 'fault', error, attempts: tries };
      await delay(tries * (100 + Math.random() * 100));
      return undefined;
    };
    for (;;) {
      const unit = new UnitOfWork(envelope, again, tries + 1);
      again = true;
      try {
        if (refusal) unit.rejection = refusal;
        else await this.#decide(unit);
      } catch (error) {
        if (error instanceof CommandHandlerNotFoundException) {
          this.#unhandled.add(envelope.type);
          return { kind: 'unsupported' };
        }
        if (isTransient(error)) continue;
        if (isInfrastructure(error)) {
          if (error instanceof DatabaseUnavailable || !(await this.database.probe()))
            await this.database.whenReachable();
          else if (++suspicion >= mostSuspicion) return { kind: 'fault', error, attempts: tries + 1 };
          continue;
        }
        const end = await fault(error);
        if (end) return end;
        continue;
      }
      const result = await this.committer.commit(unit);
      switch (result.verdict) {
        case 'stored':
          if (unit.after && unit.stream) {
            const occurredAt = unit.events.length > 0 ? unit.now : unit.stream.occurredAt;
            cache.put(unit.stream.type.streamType, unit.stream.id, { ...unit.after, occurredAt });
          }
          return { kind: 'settled', outcome: result.outcome };
        case 'duplicate':
          return { kind: 'settled', outcome: result.outcome };
        case 'conflict': {
          const end =
            ++conflicts < mostConflicts ? undefined : await fault(new CannotDecide('its stream changed at every try'));
          if (end) return end;
          break;
        }
        case 'violation': {
          // Once more on what is visible now: the handler may see it, and have a better answer.
          if (++violations === 1) break;
          const rejection = this.projections.rejectionFor(result.constraint);
          if (!rejection) {
            const end = await fault(
              new CannotDecide(`no projection says what a violation of ${result.constraint} means`),
            );
            if (end) return end;
            break;
          }
          const refused = new UnitOfWork(envelope, true, tries + 1);
          refused.rejection = rejected(rejection);
          const verdict = await this.committer.commit(refused);
          if (verdict.verdict === 'stored' || verdict.verdict === 'duplicate')
            return { kind: 'settled', outcome: verdict.outcome };
          break;
        }
        case 'failed': {
          const end = await fault(result.error);
          if (end) return end;
        }
      }
    }
  }

  /** Runs the handler; a rejection is a decision like any other. */
  async #decide(unit: UnitOfWork): Promise<void> {
    const { envelope } = unit;
    try {
      await failpoint('engine.before_handle', envelope.id);
      const command = message(envelope, this.privacy);
      const handle = () => currentUnit.run(unit, () => this.bus.execute(command));
      await (this.outside.has(envelope.type) ? this.outside.run(unit, handle) : handle());
    } catch (error) {
      unit.events = [];
      unit.after = undefined;
      if (error instanceof DomainError) unit.rejection = rejected(error);
      else if (error instanceof InvalidMessage)
        unit.rejection = {
          kind: 'invalid',
          reason: 'invalid_message',
          detail: error.message,
          errors: error.violations,
        };
      else throw error;
    } finally {
      unit.close();
    }
    const { expectedVersion } = envelope;
    const { stream, rejection } = unit;
    if (expectedVersion === undefined || !stream || stream.version === expectedVersion) return;
    // Whoever may not know of the aggregate must not learn its version either.
    if (rejection && concealing.includes(rejection.kind)) return;
    unit.events = [];
    unit.after = undefined;
    unit.rejection = rejected(new VersionConflict(expectedVersion, stream.version));
  }
}

/** Why a command is refused that was not started before its deadline. */
export const tooLate: Rejection = {
  kind: 'expired',
  reason: 'deadline_exceeded',
  detail: 'the command was not started before its Command-Deadline: send a new one if it is still wanted',
};

/** Why a command is refused whose lane has no room behind a parked one. */
export const laneBlocked: Rejection = {
  kind: 'conflict',
  reason: 'lane_blocked',
  detail: 'too many commands wait behind one that cannot be run: send it again when that has been dealt with',
};

const concealing: readonly RejectionKind[] = ['not_found', 'forbidden', 'unauthorized', 'invalid'];

const rejected = ({ kind, reason, message: detail }: DomainError): Rejection => ({ kind, reason, detail });

/** @throws InvalidMessage */
function message(envelope: Envelope, privacy: Privacy): object {
  const known = commandNamed(envelope.type);
  if (!known) throw new CommandHandlerNotFoundException(envelope.type);
  let wire: unknown;
  try {
    wire = JSON.parse(envelope.body.toString('utf8'));
  } catch {
    throw new InvalidMessage([{ pointer: '', reason: 'not_json', message: 'the payload is not JSON' }]);
  }
  return decode(known.type, isObject(wire) ? privacy.openCommand(known.name, wire) : wire);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
