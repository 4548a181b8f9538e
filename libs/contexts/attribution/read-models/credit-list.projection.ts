import { fold, on, projection } from '#kernel';

import {
  AttributionModels,
  ConversionAttributed,
  ConversionReversed,
  ConversionUnattributed,
  credits,
  creditsFollow,
  minorUnits,
  Weightings,
  type AttributionModel,
  type Weighting,
} from '../contract/index.js';
import { CreditListRow, type CreditedTouchpoint, type Earned } from './credit-list.entity.js';

/** An event tells what credits are computed from; the credits of all models are many times that, and stand here alone. */
export const creditList = projection(creditsFollow, CreditListRow, {
  inline: false,
  key: (event) => (event as ConversionAttributed | ConversionUnattributed | ConversionReversed).conversionId,
  fold: fold(
    on(ConversionAttributed, (_, conversion) => ({ ...known(conversion), credits: credited(conversion) })),
    on(ConversionUnattributed, (_, conversion) => ({ ...known(conversion), credits: [] })),
    on(ConversionReversed, () => null),
  ),
});

const known = ({
  conversionId,
  value,
  currency,
  occurredAt,
  calculationVersion,
}: ConversionAttributed | ConversionUnattributed) => ({
  id: conversionId,
  value,
  currency,
  occurredAt: new Date(occurredAt),
  calculationVersion,
});

function credited({ value, occurredAt, settings, touchpoints }: ConversionAttributed): readonly CreditedTouchpoint[] {
  const converted = { value: minorUnits(value), occurredAt };
  const byMethod = table((model, weighting) => credits(touchpoints, converted, { model, weighting }, settings));
  return touchpoints.map((touchpoint, at) => ({
    ...touchpoint,
    earned: table((model, weighting): Earned => {
      const { share, amount } = byMethod[model][weighting][at] as { share: number; amount: number };
      return [share, amount];
    }),
  }));
}

const table = <T>(
  cell: (model: AttributionModel, weighting: Weighting) => T,
): Readonly<Record<AttributionModel, Readonly<Record<Weighting, T>>>> =>
  Object.fromEntries(
    AttributionModels.map((model) => [
      model,
      Object.fromEntries(Weightings.map((weighting) => [weighting, cell(model, weighting)])),
    ]),
  ) as Record<AttributionModel, Record<Weighting, T>>;
