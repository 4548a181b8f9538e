import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { SmsProvider } from '../../scripts/lib/sms-provider.mjs';
import { projectRoot } from './project.js';

export type { SmsProvider };

/** Takes text messages as Twilio's API does, and keeps them. `npm start` runs it, too. */
export async function startSmsProvider(): Promise<SmsProvider> {
  const file = join(projectRoot, 'scripts/lib/sms-provider.mjs');
  const provider = (await import(pathToFileURL(file).href)) as typeof import('../../scripts/lib/sms-provider.mjs');
  return provider.startSmsProvider();
}
