import type { Known } from './ports.js';

/** What has not come yet comes later, or never: nobody is to be left untold in silence. */
export class NotKnownYet extends Error {
  override readonly name = 'NotKnownYet';
  constructor(ids: readonly string[]) {
    super(
      `who is to be named has not come here yet (${ids.join(', ')}): have done what is parked of subscriptions.follow_account ` +
        'and subscriptions.open_share_settings and commands of these ids, then retry this event',
    );
  }
}

/** @throws NotKnownYet so that the event is tried again, and then waits for an operator */
export async function known<Found>(
  asked: Promise<Known<Found>>,
  ...ids: readonly string[]
): Promise<Found | 'forgotten'> {
  const found = await asked;
  if (found === undefined) throw new NotKnownYet(ids);
  return found;
}
