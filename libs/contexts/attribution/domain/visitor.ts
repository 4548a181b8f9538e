import { Aggregate, fold, on, timeOf } from '#kernel';

import {
  amountOf,
  byConversion,
  byTime,
  ConversionAlreadyExists,
  ConversionAttributed,
  ConversionRecorded,
  ConversionReversed,
  ConversionUnattributed,
  defaultCurrency,
  eligible,
  leadingTo,
  minorUnits,
  TouchpointRegistered,
  TouchpointRemoved,
  type AttributionSettings,
  type Placed,
  type RecordConversion,
  type RegisterTouchpoint,
  type RemoveTouchpoint,
  type ReverseConversion,
  type Touchpoint,
} from '../contract/index.js';
import { ConversionAlreadyReversed, ConversionNotFound, OccurredAtInFuture, OccurredAtTooOld } from './errors.js';
import { SortedList } from './sorted-list.js';

type KnownTouchpoint = Touchpoint & Placed;

interface Calculation {
  readonly settings: AttributionSettings;
  readonly version: number;
  /** Those that share the value. */
  readonly touchpointIds: readonly string[];
}

interface Conversion extends Pick<
  ConversionRecorded,
  'conversionId' | 'conversionType' | 'value' | 'currency' | 'occurredAt' | 'externalId'
> {
  readonly reversed: boolean;
  readonly calculation?: Calculation;
}

interface VisitorState {
  readonly visitorId: string;
  /** In the order of journeys. */
  readonly touchpoints: SortedList<KnownTouchpoint>;
  /** Ids of those that never count, registered or not. */
  readonly removed: readonly string[];
  /** In the order of journeys. */
  readonly conversions: readonly Conversion[];
}

const oldestDays = 90;
const clockSkew = 5 * 60_000;
const day = 86_400_000;

/**
 * What a visitor did and what became of it. Which touchpoints lead to which conversion follows from the two sets alone,
 * whatever came first.
 */
export class Visitor extends Aggregate<VisitorState> {
  static readonly streamType = 'attribution.visitor';
  static readonly NotFound = ConversionNotFound;

  protected readonly evolve = fold<VisitorState>(
    on(TouchpointRegistered, (visitor, event) => {
      const { visitorId, touchpoints, ...rest } = visitor ?? nothingOf(event.visitorId);
      return { ...rest, visitorId, touchpoints: touchpoints.with(known(event)) };
    }),
    on(TouchpointRemoved, (visitor, { visitorId, touchpointId }) => {
      const { touchpoints, removed, ...rest } = visitor ?? nothingOf(visitorId);
      return {
        ...rest,
        touchpoints: touchpoints.without(isCalled(touchpointId)),
        removed: [...removed, touchpointId],
      };
    }),
    on(ConversionRecorded, (visitor, event) => {
      const { conversions, ...rest } = visitor ?? nothingOf(event.visitorId);
      return { ...rest, conversions: inserted(conversions, recorded(event)) };
    }),
    on(ConversionAttributed, (visitor, { conversionId, settings, calculationVersion: version, touchpoints }) =>
      withConversion(visitor, conversionId, {
        calculation: { settings, version, touchpointIds: touchpoints.map(({ touchpoint_id: id }) => id) },
      }),
    ),
    on(ConversionUnattributed, (visitor, { conversionId, settings, calculationVersion: version }) =>
      withConversion(visitor, conversionId, { calculation: { settings, version, touchpointIds: [] } }),
    ),
    on(ConversionReversed, (visitor, { conversionId }) => withConversion(visitor, conversionId, { reversed: true })),
  );

  register({ visitorId, touchpointId, occurredAt, recordedAt, ...what }: RegisterTouchpoint): void {
    const { touchpoints, removed } = this.#known(visitorId);
    if (removed.includes(touchpointId) || touchpoints.find(isCalled(touchpointId))) return;
    this.record(
      new TouchpointRegistered({
        ...what,
        visitorKey: this.id,
        visitorId,
        touchpointId,
        occurredAt: normal(occurredAt),
        recordedAt: normal(recordedAt),
      }),
    );
    this.#reconsider(this.#endOf(normal(occurredAt)));
  }

  remove({ visitorId, touchpointId }: RemoveTouchpoint): void {
    const { touchpoints, removed } = this.#known(visitorId);
    if (removed.includes(touchpointId)) return;
    const former = touchpoints.find(isCalled(touchpointId));
    this.record(new TouchpointRemoved({ visitorKey: this.id, visitorId, touchpointId }));
    if (former) this.#reconsider(this.#endOf(former.occurred_at));
  }

  /**
   * @param at when it was accepted
   * @param settings those of now
   */
  convert(command: RecordConversion, at: Date, settings: AttributionSettings): void {
    const { conversionId, conversionType, visitorId, externalId } = command;
    const value = amountOf(minorUnits(command.value));
    const currency = command.currency ?? defaultCurrency;
    const occurredAt = command.occurredAt === undefined ? undefined : normal(command.occurredAt);
    const former = this.#known(visitorId).conversions.find((each) => each.conversionId === conversionId);
    if (former) {
      const same = { conversionType, value, currency, occurredAt: occurredAt ?? former.occurredAt };
      if (!isAlike(former, same)) throw new ConversionAlreadyExists();
      return;
    }
    if (occurredAt !== undefined) assertRecent(occurredAt, at);
    this.record(
      new ConversionRecorded({
        conversionId,
        visitorKey: this.id,
        visitorId,
        conversionType,
        value,
        currency,
        occurredAt: occurredAt ?? at.toISOString(),
        externalId,
      }),
    );
    this.#calculate(conversionId, settings);
    this.#reconsider(this.#after(conversionId));
  }

  /** @throws ConversionNotFound, ConversionAlreadyReversed */
  reverse({ conversionId, reason }: ReverseConversion, at: Date): void {
    const { calculation } = this.#present(conversionId);
    const next = this.#after(conversionId);
    this.record(
      new ConversionReversed({
        conversionId,
        visitorKey: this.id,
        visitorId: this.state.visitorId,
        reason,
        touchpointIds: calculation?.touchpointIds ?? [],
        reversedAt: at.toISOString(),
      }),
    );
    this.#reconsider(next);
  }

  /** @throws ConversionNotFound, ConversionAlreadyReversed */
  recalculate(conversionId: string, settings: AttributionSettings): void {
    this.#present(conversionId);
    this.#calculate(conversionId, settings);
  }

  #known(visitorId: string): VisitorState {
    return this.exists ? this.state : nothingOf(visitorId);
  }

  #present(conversionId: string): Conversion {
    const found = this.exists ? this.#conversion(conversionId) : undefined;
    if (!found) throw new ConversionNotFound(conversionId);
    if (found.reversed) throw new ConversionAlreadyReversed(conversionId);
    return found;
  }

  #conversion(conversionId: string): Conversion | undefined {
    return this.state.conversions.find((each) => each.conversionId === conversionId);
  }

  /** Those that end a journey. */
  get #ends(): readonly Conversion[] {
    return this.state.conversions.filter(({ reversed }) => !reversed);
  }

  /** The conversion that what occurred then led to, if there has been one. */
  #endOf(occurredAt: string): Conversion | undefined {
    return this.#ends.find((end) => end.occurredAt >= occurredAt);
  }

  #after(conversionId: string): Conversion | undefined {
    const ends = this.#ends;
    return ends[ends.findIndex((end) => end.conversionId === conversionId) + 1];
  }

  /** Calculates a conversion anew, by the settings that it was calculated by, if others share its value now. */
  #reconsider(conversion: Conversion | undefined): void {
    if (!conversion?.calculation) return;
    const { settings, touchpointIds } = conversion.calculation;
    const ids = this.#sharing(conversion, settings).map(({ touchpoint_id: id }) => id);
    if (ids.join() !== touchpointIds.join()) this.#calculate(conversion.conversionId, settings);
  }

  #sharing(conversion: Conversion, { lookback_days: lookback }: AttributionSettings): readonly KnownTouchpoint[] {
    const ends = this.#ends;
    const before = ends[ends.findIndex(({ conversionId: id }) => id === conversion.conversionId) - 1];
    return eligible(leadingTo(this.state.touchpoints.toArray(), conversion, before), conversion, lookback);
  }

  #calculate(conversionId: string, settings: AttributionSettings): void {
    const conversion = this.#present(conversionId);
    const { value, currency, occurredAt, calculation } = conversion;
    const touchpoints = this.#sharing(conversion, settings);
    const fields = {
      conversionId,
      visitorKey: this.id,
      visitorId: this.state.visitorId,
      value,
      currency,
      occurredAt,
      calculationVersion: (calculation?.version ?? 0) + 1,
      settings,
    };
    this.record(
      touchpoints.length > 0
        ? new ConversionAttributed({ ...fields, touchpoints: touchpoints.map(asInput) })
        : new ConversionUnattributed(fields),
    );
  }
}

const nothingOf = (visitorId: string): VisitorState => ({
  visitorId,
  touchpoints: SortedList.by<KnownTouchpoint>(byTime),
  removed: [],
  conversions: [],
});

const isCalled =
  (id: string) =>
  (touchpoint: KnownTouchpoint): boolean =>
    touchpoint.touchpoint_id === id;

const known = (event: TouchpointRegistered): KnownTouchpoint => ({
  touchpoint_id: event.touchpointId,
  partner_id: event.partnerId,
  campaign_id: event.campaignId,
  interaction_type: event.interactionType,
  occurred_at: event.occurredAt,
  recorded_at: event.recordedAt,
});

function asInput(registered: KnownTouchpoint): Touchpoint {
  const { recorded_at: _, ...touchpoint } = registered;
  return touchpoint;
}

const recorded = ({
  conversionId,
  conversionType,
  value,
  currency,
  occurredAt,
  externalId,
}: ConversionRecorded): Conversion => ({
  conversionId,
  conversionType,
  value,
  currency,
  occurredAt,
  externalId,
  reversed: false,
});

/** Whether two requests are for the same conversion: their name is the same already. */
const isAlike = (a: Conversion, b: Pick<Conversion, 'conversionType' | 'value' | 'currency' | 'occurredAt'>): boolean =>
  a.conversionType === b.conversionType &&
  a.value === b.value &&
  a.currency === b.currency &&
  a.occurredAt === b.occurredAt;

const withConversion = (visitor: VisitorState, id: string, change: Partial<Conversion>): VisitorState => ({
  ...visitor,
  conversions: visitor.conversions.map((each) => (each.conversionId === id ? { ...each, ...change } : each)),
});

function inserted(sorted: readonly Conversion[], item: Conversion): readonly Conversion[] {
  const at = sorted.findLastIndex((each) => byConversion(each, item) <= 0) + 1;
  return sorted.toSpliced(at, 0, item);
}

/** One moment is one text, so that texts are in the order of time. */
const normal = (time: string): string => timeOf(time).toISOString();

function assertRecent(occurredAt: string, now: Date): void {
  const age = now.getTime() - timeOf(occurredAt).getTime();
  if (age < -clockSkew) throw new OccurredAtInFuture(occurredAt);
  if (age > oldestDays * day) throw new OccurredAtTooOld(occurredAt, oldestDays);
}
