import { ImportImpossible, type Api, type Clock, type Performance, type Report } from './api-client.js';
import type { Imported } from './import.js';
import type { Plan } from './mapping.js';

export const models = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position_based'] as const;
export type Model = (typeof models)[number];

/** What partners earned in one currency, by model. */
export interface CurrencyReport {
  readonly currency: string;
  readonly earned: ReadonlyMap<string, Readonly<Record<Model, string>>>;
  readonly totals: Report['totals'];
}

type Reader = Pick<Api, 'get' | 'timeLeft'>;
type Period = Readonly<Record<'from' | 'to', string>>;

/** Numbers that have not changed for so many looks are the last. */
const still = 3;
const betweenLooks = 500;

/**
 * Waits until all that was recorded as it was sent is counted and figures stand still, and reports what partners earned by
 * each model. What was there already may lie in another period: no figure tells when it is counted.
 */
export async function reports(
  api: Reader,
  { events, conversions }: Plan,
  imported: Imported,
  clock: Clock,
): Promise<readonly CurrencyReport[]> {
  const currencies = [...new Set(conversions.map(({ sent }) => sent.currency))].sort();
  const ofEvents = periodOf(events.map(({ sent }) => sent.occurred_at));
  const ofConversions = periodOf(conversions.map(({ sent }) => sent.occurred_at));
  const look = (): Promise<readonly CurrencyReport[]> =>
    Promise.all(currencies.map((currency) => reportOf(api, currency, ofConversions)));
  const touchpoints = async (): Promise<number> => {
    const { body } = await api.get<Performance>('/attribution/performance', { group_by: 'partner', ...ofEvents });
    const { clicks, views, engagements } = body.totals;
    return clicks + views + engagements;
  };
  let [before, same] = ['', 0];
  for (;;) {
    const [touched, seen] = [await touchpoints(), await look()];
    const text = JSON.stringify([touched, seen.map(({ earned, totals }) => [[...earned], totals])]);
    const counted = seen.reduce((sum, { totals }) => sum + totals.conversions + totals.unattributed_conversions, 0);
    const complete = touched >= imported.events && counted >= imported.conversions;
    same = complete && text === before ? same + 1 : 0;
    if (same >= still) return seen;
    if (api.timeLeft === 0)
      throw new ImportImpossible(
        `The reports have not caught up in time: they count ${touched} of ${imported.events} events and ${counted} of ` +
          `${imported.conversions} orders. See whether workers serve tracking and attribution, and run the import again.`,
      );
    before = text;
    await clock.pause(betweenLooks);
  }
}

async function reportOf(api: Reader, currency: string, period: Period): Promise<CurrencyReport> {
  const all = await Promise.all(
    models.map((model) =>
      api.get<Report>('/attribution/reports', { group_by: 'partner', model, currency, limit: '10000', ...period }),
    ),
  );
  const earned = new Map<string, Record<Model, string>>();
  for (const [index, { body }] of all.entries())
    for (const { key, attributed_value: value } of body.items) {
      const row =
        earned.get(key) ?? (Object.fromEntries(models.map((model) => [model, '0.00'])) as Record<Model, string>);
      earned.set(key, { ...row, [models[index] as Model]: value });
    }
  const [first] = all as [(typeof all)[number]];
  return { currency, earned, totals: first.body.totals };
}

/** From the first of these times to just behind the last. */
function periodOf(times: readonly string[]): Period {
  const sorted = times.toSorted();
  const last = Date.parse(sorted.at(-1) ?? new Date(0).toISOString());
  return { from: sorted[0] ?? new Date(0).toISOString(), to: new Date(last + 1).toISOString() };
}

/** A table of one currency: partners by what the linear model gives them. */
export function renderTable({ currency, earned, totals }: CurrencyReport): string {
  const rows = [...earned].sort(([, a], [, b]) => Number(b.linear) - Number(a.linear));
  const width = Math.max(...rows.map(([partner]) => partner.length), 'unattributed'.length);
  const line = (name: string, values: readonly string[]): string =>
    [name.padEnd(width), ...values.map((value) => value.padStart(14))].join('  ');
  return [
    line(currency, models),
    ...rows.map(([partner, row]) =>
      line(
        partner,
        models.map((model) => row[model]),
      ),
    ),
    line(
      'all',
      models.map(() => totals.attributed_value),
    ),
    line(
      'unattributed',
      models.map(() => totals.unattributed_value),
    ),
  ].join('\n');
}
