import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';

import { runMain } from '#platform/config/run-main.js';
import { WorkerSettings } from '#platform/config/settings.js';
import { CommandTransport } from '#platform/engine/command-transport.js';

import { WorkerModule } from './worker.module.js';

await runMain(WorkerSettings, 'worker', async (settings, logger) => {
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(WorkerModule.with(settings), {
    logger,
    inject: [CommandTransport],
    useFactory: (transport: CommandTransport) => ({ strategy: transport }),
  });
  await app.listen();
  return app;
});
