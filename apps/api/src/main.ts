import 'reflect-metadata';

import { runMain } from '#platform/config/run-main.js';
import { ApiSettings } from '#platform/config/settings.js';
import { createApi } from '#platform/http/api-application.js';

import { ApiModule } from './api.module.js';

await runMain(ApiSettings, 'api', async (settings, logger) => {
  const app = await createApi(ApiModule.with(settings), { settings, logger, tags: ApiModule.tags });
  await app.listen(settings.port, settings.host);
  return app;
});
