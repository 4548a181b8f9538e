import 'reflect-metadata';

import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { PassportModule } from '@nestjs/passport';

import { announceReady, setting } from '../setting.js';
import { commandQueue } from './command-queue.js';
import { JwtStrategy } from './jwt.strategy.js';
import { TasksController } from './tasks.controller.js';

@Module({
  imports: [
    PassportModule,
    ClientsModule.register([{ name: 'COMMANDS', transport: Transport.RMQ, options: commandQueue() }]),
  ],
  controllers: [TasksController],
  providers: [JwtStrategy],
})
class ApiModule {}

const app = await NestFactory.create(ApiModule, { logger: ['error', 'warn'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(setting('PORT'), '127.0.0.1');
announceReady();
