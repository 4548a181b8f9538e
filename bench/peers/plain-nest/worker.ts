import 'reflect-metadata';

import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { DataSource } from 'typeorm';

import { announceReady, setting } from '../setting.js';
import { commandQueue } from './command-queue.js';
import { TaskCommandsController } from './task-commands.controller.js';
import { CreateTaskHandler, StartTaskHandler } from './task-handlers.js';
import { entities } from './task.entity.js';

const dataSource = {
  provide: DataSource,
  useFactory: () => new DataSource({ type: 'postgres', url: setting('DATABASE_URL'), entities }).initialize(),
};

@Module({
  imports: [CqrsModule.forRoot()],
  controllers: [TaskCommandsController],
  providers: [dataSource, CreateTaskHandler, StartTaskHandler],
})
class WorkerModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(WorkerModule, {
  transport: Transport.RMQ,
  options: { ...commandQueue(), noAck: false, prefetchCount: 100 },
  logger: ['error', 'warn'],
});
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen();
announceReady();
