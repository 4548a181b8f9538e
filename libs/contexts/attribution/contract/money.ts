/**
 * The minor units of an amount such as `119.90`, which has no more than two digits after the point.
 */
export function minorUnits(amount: string): number {
  const [whole = '0', cents = ''] = amount.split('.');
  return Number(whole) * 100 + Number(cents.padEnd(2, '0'));
}

/** An amount of minor units, with two digits: `119.90`. */
export const amountOf = (units: number): string => `${Math.floor(units / 100)}.${String(units % 100).padStart(2, '0')}`;
