import {
  VersioningType,
  type DynamicModule,
  type LoggerService,
  type SecurityHeadersOptions,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { resolveSecurityHeaders } from '@nestjs/core/security/security-headers.js';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

import { newId } from '#kernel';

import type { ApiSettings } from '../config/settings.js';
import { Topology } from '../messaging/topology.js';
import { ApiMetrics } from '../observability/api-metrics.js';
import { correlation } from '../observability/correlation.js';
import { MetricsAccess } from '../observability/metrics-access.js';
import { Metrics } from '../observability/metrics.js';
import { AllowedMethods } from './allowed-methods.js';
import { asyncApiDocument } from './asyncapi.js';
import { csvType } from './csv.js';
import { DirectRoutes } from './direct-routes.js';
import { Draining } from './draining.js';
import { readForm, takesForm } from './form.js';
import { metricsPath, serveMetrics } from './metrics-route.js';
import { openApiDocument } from './openapi.js';
import { readJson } from './plain-json.js';
import { Problem, problemDocument } from './problem.js';
import { answerClientError, malformedUrl } from './raw-answers.js';
import { hasCsv } from './reads.decorator.js';
import type { RequestScope } from './request-scope.js';
import { takesList } from './sends.decorator.js';
import { eventStream, streams } from './streams.decorator.js';
import { traceRequests } from './traced-requests.js';

/** Of bodies, in bytes. */
const limits = { one: 256 * 1024, list: 1024 * 1024 };

const crossOriginMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const exposedHeaders = [
  'Command-Id',
  'Consistency',
  'Consistency-Token',
  'ETag',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'WWW-Authenticate',
  'X-Correlation-Id',
];
const allowedHeaders = [
  'Accept',
  'Authorization',
  'Command-Deadline',
  'Consistency-Token',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'Prefer',
  'X-Correlation-Id',
];

/** Those of helmet that mean something to a browser of today; each costs every answer a little. */
const securityHeaders: SecurityHeadersOptions = {
  // Development is served over plain HTTP.
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

export interface ApiOptions {
  readonly settings: Pick<ApiSettings, 'corsOrigins' | 'trustProxy' | 'topologyPrefix'>;
  readonly logger: LoggerService;
  /** What the contexts' tags stand for. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The HTTP application around a module: Fastify, its limits, correlation, access log, OpenAPI and its UI. */
export async function createApi(
  module: Type | DynamicModule,
  { settings, logger, tags }: ApiOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: limits.one,
    // There is no middleware: guards and hooks do what it would.
    skipMiddie: true,
    trustProxy: list(settings.trustProxy).length > 0 ? list(settings.trustProxy) : false,
    // While it closes it goes on answering what arrives on open connections: publisher and pool end after it.
    return503OnClosing: false,
    requestTimeout: 15_000,
    http: {
      headersTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { details, status } = malformedUrl();
      const correlationId = newId();
      const document = problemDocument(details, request.url, correlationId);
      reply.header('X-Correlation-Id', correlationId);
      void reply.status(status).type('application/problem+json').send(document);
    },
    routerOptions: { maxParamLength: 200 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger, bodyParser: false });
  const fastify = app.getHttpAdapter().getInstance();

  const methods = app.get(AllowedMethods);
  app.get(DirectRoutes).prepare();
  fastify.addHook('onRoute', (route) => {
    methods.add(route.url, route.method);
    DirectRoutes.take(route);
    if (takesList(route)) route.bodyLimit = limits.list;
  });
  onlyJson(fastify);
  traceRequests(fastify);
  scoped(fastify, Object.fromEntries(resolveSecurityHeaders(securityHeaders).headers));
  const draining = app.get(Draining);
  fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void) => {
    if (draining.begun) reply.header('Connection', 'close');
    // Nest sets the status of its decorators after the interceptors have run.
    if (request.scope?.status) reply.code(request.scope.status);
    done();
  });
  logged(fastify, logger, app.get(ApiMetrics));
  serveMetrics(fastify, app.get(Metrics), app.get(MetricsAccess));

  const origin = list(settings.corsOrigins);
  if (origin.length > 0) {
    const options = {
      origin,
      methods: crossOriginMethods,
      allowedHeaders,
      exposedHeaders,
      maxAge: 600,
      strictPreflight: false,
    };
    // Pages of these origins may send the refresh token's cookie. Without a delegator strangers would be told so, too.
    app.enableCors({
      delegator: ({ headers }, done) =>
        done(null, { ...options, credentials: headers.origin !== undefined && origin.includes(headers.origin) }),
    });
  }

  app.setGlobalPrefix('api', {
    exclude: ['health', 'health/{*path}', 'metrics', '.well-known/{*path}', 'account/{*path}'],
  });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  SwaggerModule.setup('docs', app, () => openApiDocument(app, tags), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    swaggerOptions: { persistAuthorization: true },
  });
  let asyncApi: object | undefined;
  fastify.get('/asyncapi.json', () => (asyncApi ??= asyncApiDocument(new Topology(settings.topologyPrefix))));
  return app;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** Bodies are JSON in UTF-8, and so are answers. */
function onlyJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void) => {
      try {
        if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') throw unsupported();
        const [, charset = 'utf-8'] = /charset\s*=\s*"?([^;"\s]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
        if (charset.toLowerCase() !== 'utf-8') throw unsupported();
        done(null, body.length === 0 ? undefined : readJson(body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request: FastifyRequest, body: string, done: (error: Error | null, body?: unknown) => void) => {
      try {
        if (!takesForm(request)) throw unsupported();
        done(null, readForm(body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** @param headers of every answer. Through Fastify: Node sends headers that come from two sides more slowly. */
function scoped(fastify: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    const given = request.headers['x-correlation-id'];
    const correlationId = typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : newId();
    const scope: RequestScope = { request, correlationId };
    request.scope = scope;
    reply.headers(headers).header('X-Correlation-Id', correlationId);
    const api = request.url.startsWith('/api/');
    if (api) reply.header('Cache-Control', 'no-store');
    correlation.run(scope, () => done(refusal(request, reply, api)));
  });
  // Reading a body resumes outside of the scope that it began in.
  fastify.addHook('preValidation', (request: FastifyRequest, _: FastifyReply, done: () => void) => {
    if (request.scope) correlation.run(request.scope, done);
    else done();
  });
}

function refusal(request: FastifyRequest, reply: FastifyReply, api: boolean): Problem | undefined {
  if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
    reply.header('Connection', 'close');
    return withoutHost();
  }
  const types = streams(request) ? [eventStream] : ['application/json', ...(hasCsv(request) ? [csvType] : [])];
  return api && !request.is404 && !takes(request, types) ? notAcceptable(types) : undefined;
}

/** Node would refuse it by itself, without a word. */
const withoutHost = (): Problem =>
  new Problem({
    code: 'VALIDATION_ERROR',
    reason: 'malformed_request',
    detail: 'a request needs a Host header (RFC 9112, section 3.2)',
  });

function takes({ headers: { accept } }: FastifyRequest, types: string[]): boolean {
  if (accept === undefined || accept === '*/*' || accept === types[0]) return true;
  return new Negotiator({ headers: { accept } }).mediaType(types) !== undefined;
}

const notAcceptable = (types: readonly string[]): Problem =>
  new Problem({
    code: 'NOT_ACCEPTABLE',
    reason: 'not_acceptable',
    detail: `answers are ${types.join(' or ')} (problems application/problem+json): allow it in Accept`,
  });

const unsupported = (): Problem =>
  new Problem({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    reason: 'unsupported_media_type',
    detail: 'the body must be application/json in UTF-8, without a Content-Encoding',
  });

function logged(fastify: FastifyInstance, logger: LoggerService, metrics: ApiMetrics): void {
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (route === metricsPath) return done();
    // How long somebody listens is no time that an answer took.
    if (!streams(request) || reply.statusCode !== 200)
      metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    logger.log(
      {
        message: 'request',
        method: request.method,
        route,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        correlation_id: request.scope?.correlationId,
        user_id: request.scope?.userId,
      },
      'Http',
    );
    done();
  });
}
