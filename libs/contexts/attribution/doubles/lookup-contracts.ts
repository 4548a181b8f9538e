import { expect, it } from '@jest/globals';

import type { SettingsLookup } from '../application/ports.js';
import { defaultSettings } from '../contract/index.js';
import { happened } from './attribution-scenario.js';

type Asking<Lookup> = (past: readonly object[], ask: (lookup: Lookup) => Promise<void>) => Promise<void>;

/** What every `SettingsLookup` promises. Begins where nothing has happened yet. */
export function settingsLookupContract(asking: Asking<SettingsLookup>): void {
  it('answers with the defaults while nobody has changed them, and then with what was said last', async () => {
    await asking([], async (settings) => expect(await settings.current()).toEqual(defaultSettings));
    await asking([happened.shortLookback], async (settings) =>
      expect(await settings.current()).toEqual({ ...defaultSettings, lookback_days: 3 }),
    );
  });
}
