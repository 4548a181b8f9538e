import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { newId } from '#kernel';

import { correlation } from '../observability/correlation.js';
import { release } from '../release.js';
import { Draining } from './draining.js';
import type { RequestScope } from './request-scope.js';

const bodyLimit = 256 * 1024;

/** The HTTP application around a module: Fastify, correlation, access log, OpenAPI and its UI. */
export async function createApi(module: Type | DynamicModule, logger: LoggerService): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    // While it closes it goes on answering what arrives on open connections: publisher and pool end after it.
    return503OnClosing: false,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger });
  const fastify = app.getHttpAdapter().getInstance();

  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const given = request.headers['x-correlation-id'];
    const correlationId = typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : newId();
    const scope: RequestScope = { request, correlationId };
    request.scope = scope;
    reply.header('X-Correlation-Id', correlationId);
    correlation.run(scope, done);
  });
  // Reading a body resumes outside of the scope that it began in.
  fastify.addHook('preValidation', (request: FastifyRequest, _: FastifyReply, done: () => void) => {
    if (request.scope) correlation.run(request.scope, done);
    else done();
  });
  const draining = app.get(Draining);
  fastify.addHook('onSend', (_request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void) => {
    if (draining.begun) reply.header('Connection', 'close');
    done();
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    logger.log(
      {
        message: 'request',
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        correlation_id: request.scope?.correlationId,
        user_id: request.scope?.userId,
      },
      'Http',
    );
    done();
  });

  app.setGlobalPrefix('api/v1', { exclude: ['health', 'health/{*path}'] });
  const description = new DocumentBuilder()
    .setTitle('ContextFlow')
    .setVersion(release)
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'openapi.json',
    swaggerOptions: { persistAuthorization: true },
  });
  return app;
}
