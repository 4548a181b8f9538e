import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';

import { ApiSettings, loadSettings } from '#platform/config/settings.js';
import { createApi } from '#platform/http/api-application.js';
import { HttpClient } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { dataFolder, projectRoot } from '#testing/project.js';

import { ApiModule } from '../../apps/api/src/api.module.js';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
}

const silence: LoggerService = { log() {}, warn() {}, error() {}, fatal() {} };

describe('The OpenAPI document', () => {
  let lab: Lab;
  let app: NestFastifyApplication;
  let http: HttpClient;
  let document: OpenApi;
  let text: string;
  /** Method and path of every route, as the router has it. */
  const routes = new Set<string>();

  beforeAll(async () => {
    lab = await Lab.open();
    const settings = loadSettings(ApiSettings, {
      NODE_ENV: 'test',
      DATABASE_URL: lab.database.url,
      RABBITMQ_URL: lab.broker.url,
      TOPOLOGY_PREFIX: lab.broker.prefix,
    });
    app = await createApi(ApiModule.with(settings), { settings, logger: silence, tags: ApiModule.tags });
    const fastify = app.getHttpAdapter().getInstance();
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const name of [method].flat()) routes.add(`${name} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    });
    await app.listen(0, '127.0.0.1');
    http = new HttpClient(Number(new URL(await app.getUrl()).port));
    const answer = await http.send({ path: '/openapi.json' });
    document = answer.body as OpenApi;
    text = answer.text;
  });
  afterAll(async () => {
    http?.close();
    await app?.close();
    await lab?.close();
  });

  const operations = (): (Operation & { readonly route: string })[] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        route: `${method.toUpperCase()} ${path}`,
      })),
    );

  it('is of version 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
  });

  it('has nothing that a linter would complain of', async () => {
    const folder = dataFolder('openapi');
    const linter = join(projectRoot, 'node_modules/.bin/redocly');
    writeFileSync(join(folder, 'openapi.json'), text);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [linter, 'lint', '--extends=recommended', '--format=json', 'openapi.json'],
      {
        cwd: folder,
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    ).catch((error: { stdout: string }) => error);
    const { totals, problems } = JSON.parse(stdout) as { totals: Record<string, number>; problems: unknown[] };
    expect(problems).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  });

  it('has every route that the API has, and no other', () => {
    const pages = /^\w+ \/(docs|openapi|asyncapi|account)\b/;
    const served = [...routes].filter((route) => !route.startsWith('HEAD ') && !pages.test(route));
    expect(
      operations()
        .map(({ route }) => route)
        .toSorted(),
    ).toEqual(served.toSorted());
  });

  it('says of every route what it is for, who may use it, and which problems there may be', () => {
    const tags = document.tags.filter(({ description }) => description).map(({ name }) => name);
    for (const { route, summary, tags: own = [], security, responses } of operations()) {
      expect({ route, summary }).toEqual({ route, summary: expect.stringMatching(/^[A-Z“].{5,}/) });
      expect({ route, own: own.filter((tag) => tags.includes(tag)) }).toEqual({ route, own });
      expect(own).not.toEqual([]);
      expect({ route, security }).toEqual({ route, security: expect.any(Array) });
      const statuses = Object.keys(responses);
      const required = security.length > 0 ? ['401', '503'] : [];
      expect({ route, missing: required.filter((status) => !statuses.includes(status)) }).toEqual({
        route,
        missing: [],
      });
    }
  });

  it('calls every route by a name of its own', () => {
    const names = operations().map(({ operationId }) => operationId);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('says that commands are accepted, and what they may be told to heed', () => {
    for (const { route, responses, ...rest } of operations()) {
      // What is not told apart from a request that does nothing is no command's answer.
      if (!('202' in responses) || route === 'POST /api/v1/auth/password/forgot') continue;
      const { parameters = [] } = rest as { parameters?: readonly { name: string; in: string }[] };
      const heeded = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
      const each = ['Idempotency-Key', 'Prefer', 'Command-Deadline'];
      const refusals = ['400', '401', '413', '415', '422', '503'];
      // Several commands have no one version, and what stands against one of them is told in its item.
      const one = !route.endsWith('/batch');
      expect({ route, heeded }).toEqual({
        route,
        heeded: expect.arrayContaining(one ? [...each, 'If-Match'] : each),
      });
      for (const status of one ? [...refusals, '404', '409', '412'] : refusals)
        expect(Object.keys(responses)).toContain(status);
    }
  });

  it('is there in YAML too, and for reading', async () => {
    const yaml = await http.send({ path: '/openapi.yaml' });
    expect([yaml.status, yaml.text.includes('openapi: 3.1.0')]).toEqual([200, true]);
    const page = await http.send({ path: '/docs' });
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  });
});
