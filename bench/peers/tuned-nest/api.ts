import 'reflect-metadata';

import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { PassportModule } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { commandQueue } from '../plain-nest/command-queue.js';
import { TasksController } from '../plain-nest/tasks.controller.js';
import { announceReady, setting } from '../setting.js';
import { KeyStrategy } from './key.strategy.js';

/** A packet goes out when it is there, not when there are more. */
const socketOptions = { connectionOptions: { noDelay: true } };

@Module({
  imports: [
    PassportModule,
    ClientsModule.register([
      { name: 'COMMANDS', transport: Transport.RMQ, options: { ...commandQueue(), socketOptions } },
    ]),
  ],
  controllers: [TasksController],
  providers: [KeyStrategy],
})
class ApiModule {}

const app = await NestFactory.create<NestFastifyApplication>(ApiModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
});
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(setting('PORT'), '127.0.0.1');
announceReady();
