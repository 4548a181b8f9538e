import { afterAll, beforeAll, describe } from '@jest/globals';

import { addresses } from './attacks/addresses.js';
import { connections } from './attacks/connections.js';
import { cors } from './attacks/cors.js';
import { everything } from './attacks/everything.js';
import { foreignResources } from './attacks/foreign-resources.js';
import { idempotency } from './attacks/idempotency.js';
import { identity } from './attacks/identity.js';
import { logsAndCanaries } from './attacks/logs-and-canaries.js';
import { mail } from './attacks/mail.js';
import { malformedBodies } from './attacks/malformed-bodies.js';
import { massAssignment } from './attacks/mass-assignment.js';
import { oauth } from './attacks/oauth.js';
import { rateLimits } from './attacks/rate-limits.js';
import { routes } from './attacks/routes.js';
import { slowTextsEverywhere } from './attacks/slow-texts.js';
import { streams } from './attacks/streams.js';
import { tokens } from './attacks/tokens.js';
import { Installation } from './installation.js';
import { SlowConnections } from './slow-connections.js';

/** One installation takes them all: to start one for each would take longer than the attacks. */
describe('An installation under attack', () => {
  let installation: Installation;
  let slow: SlowConnections;

  beforeAll(async () => {
    installation = await Installation.open();
    slow = await SlowConnections.begin(installation);
  });
  afterAll(() => installation?.close());

  malformedBodies(() => installation);
  slowTextsEverywhere(() => installation);
  massAssignment(() => installation);
  routes(() => installation);
  foreignResources(() => installation);
  idempotency(() => installation);
  cors(() => installation);
  connections(
    () => installation,
    () => slow,
  );
  tokens(() => installation);
  identity(() => installation);
  oauth(() => installation);
  mail(() => installation);
  addresses(() => installation);
  rateLimits(() => installation);
  streams(() => installation);
  everything(() => installation);
  // Last: it looks for the traces of all others.
  logsAndCanaries(() => installation);
});
