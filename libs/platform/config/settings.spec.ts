import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { development, developmentSigningKey } from './development.js';
import {
  ApiSettings,
  DatabaseSettings,
  InvalidSettings,
  loadSettings,
  Settings,
  warnings,
  WorkerSettings,
} from './settings.js';

const servers = { DATABASE_URL: 'postgres://u:p@db/contextflow', RABBITMQ_URL: 'amqp://u:p@mq' };
const signingKey = (namedCurve: string): object =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' });
const jwks = (...keys: unknown[]): string => JSON.stringify({ keys });
const own = {
  ENVELOPE_KEYS: `2026-03:${'s'.repeat(32)}`,
  COMMAND_ID_KEY: 'c'.repeat(32),
  ENCRYPTION_KEYS: `2026-03:${'e'.repeat(32)}`,
  JWT_KEYS: jwks(signingKey('P-256')),
};
const production = { NODE_ENV: 'production', ...servers, ...own };

function faults(type: new () => DatabaseSettings, environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadSettings(type, environment);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.faults;
    throw error;
  }
}

describe('Settings', () => {
  it('need no more than the two servers', () => {
    expect(loadSettings(ApiSettings, servers)).toMatchObject({
      nodeEnv: 'development',
      host: '127.0.0.1',
      port: 8000,
      partitions: 8,
      accessTokenMinutes: 15,
      rateLimitAnonymous: 100,
      rateLimitUser: 6000,
      rateLimitTracking: 6000,
      publicUrl: '',
    });
    expect(loadSettings(WorkerSettings, servers)).toMatchObject({
      workerHealthPort: 8101,
      prefetch: 500,
      workerContexts: '',
    });
  });

  it('need the database alone where nothing else is reached', () => {
    expect(faults(DatabaseSettings, { DATABASE_URL: servers.DATABASE_URL })).toEqual([]);
    expect(faults(DatabaseSettings, {})).toEqual([expect.stringContaining('DATABASE_URL')]);
  });

  it('come from the variable of the same name, numbers as numbers', () => {
    const { port, logLevel, topologyPrefix } = loadSettings(ApiSettings, {
      ...servers,
      PORT: '0',
      LOG_LEVEL: 'debug',
      TOPOLOGY_PREFIX: 'blue',
    });
    expect([port, logLevel, topologyPrefix]).toEqual([0, 'debug', 'blue']);
  });

  it('take an empty variable for an absent one', () => {
    expect(loadSettings(ApiSettings, { ...servers, PORT: '', ENVELOPE_KEYS: '' })).toMatchObject({ port: 8000 });
  });

  it('tell all that is wrong at once, each with what to set', () => {
    const found = faults(ApiSettings, {
      NODE_ENV: 'staging',
      PORT: '8o00',
      PARTITIONS: '0',
      ENVELOPE_KEYS: 'short',
      PUBLISH_WINDOW: '1.5',
    });
    const named = found.map((fault) => fault.slice(0, fault.indexOf(':')));
    expect(named.sort()).toEqual([
      'DATABASE_URL',
      'ENVELOPE_KEYS',
      'NODE_ENV',
      'PARTITIONS',
      'PORT',
      'PUBLISH_WINDOW',
      'RABBITMQ_URL',
    ]);
    expect(new InvalidSettings(found).message).toContain('RABBITMQ_URL: set amqp://');
  });

  it.each([
    ['PORT', '65536'],
    ['PARTITIONS', '1025'],
    ['TOPOLOGY_PREFIX', 'Blue Corner'],
    ['DATABASE_URL', 'mysql://db/contextflow'],
    ['RABBITMQ_URL', 'http://mq'],
    ['ENVELOPE_KEYS', `a:${'s'.repeat(32)},b:short`],
    ['COMMAND_ID_KEY', 'short'],
    ['ENCRYPTION_KEYS', 'a:short'],
    ['JWT_KEYS', 'no JSON'],
    ['JWT_KEYS', '[]'],
    ['JWT_KEYS', jwks()],
    ['JWT_KEYS', jwks(signingKey('P-384'))],
    ['ACCESS_TOKEN_MINUTES', '4'],
    ['ACCESS_TOKEN_MINUTES', '31'],
    ['ACCESS_TOKEN_MINUTES', '7.5'],
    ['PUBLIC_URL', 'api.example.org'],
    ['PUBLIC_URL', 'https://api.example.org/v1'],
    ['PUBLIC_URL', 'https://api.example.org,https://b.example.org'],
    ['OIDC_GOOGLE_ISSUER', 'accounts.google.com'],
    ['RATE_LIMIT_ANONYMOUS', '-1'],
    ['RATE_LIMIT_USER', 'many'],
    ['RATE_LIMIT_TRACKING', '1000001'],
    ['METRICS_TOKEN', 'two words'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://localhost:4317'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no value'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x-key=50%'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'app.example.org'],
    ['CORS_ORIGINS', 'https://app.example.org/'],
    ['CORS_ORIGINS', 'https://app.example.org:443'],
    ['CORS_ORIGINS', 'https://a.example.org, https://b.example.org'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.1,'],
    ['TRUST_PROXY', '::1/129'],
  ])('refuse %s=%s', (variable, value) => {
    const found = faults(ApiSettings, { ...servers, [variable]: value });
    expect(found).toEqual([expect.stringMatching(new RegExp(`^${variable}: `))]);
  });

  it.each([
    ['PUBLIC_URL', 'https://api.example.org/'],
    ['SMTP_URL', 'mail.example.org:25'],
    ['SMTP_URL', 'http://mail.example.org'],
    ['SMTP_URL', 'smtp://mail.example.org/path'],
    ['SMTP_URL', 'smtp://user:50%@mail.example.org'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@example.org, b@example.org'],
    ['MAIL_FROM', 'A\r\nBcc: b@example.org <a@example.org>'],
    ['SMS_URL', 'api.twilio.com'],
    ['SMS_ACCOUNT', 'AC/../x'],
    ['SMS_FROM', '0800 1234567890'],
    ['SMS_FROM', 'MG123456789abcdef'],
    ['WHATSAPP_FROM', 'whatsapp:+15005550006'],
    ['WHATSAPP_CONTENT', 'labour_begun'],
    ['FCM_URL', 'fcm.googleapis.com'],
    ['FCM_SERVICE_ACCOUNT', 'key.json'],
    ['FCM_SERVICE_ACCOUNT', '{"project_id":"births"}'],
    ['FCM_SERVICE_ACCOUNT', '{"project_id":"p","client_email":"a@b","token_uri":"https://t","private_key":"none"}'],
  ])('of a worker refuse %s=%j', (variable, value) => {
    const sms = { SMS_ACCOUNT: 'AC1', SMS_TOKEN: 't', SMS_FROM: '+15005550006' };
    const found = faults(WorkerSettings, { ...servers, ...sms, [variable]: value });
    expect(found).toEqual([expect.stringMatching(new RegExp(`^${variable}: `))]);
  });

  it('of a worker say what goes together', () => {
    expect(faults(WorkerSettings, { ...servers, SMS_ACCOUNT: 'AC1', SMS_FROM: '+15005550006' })).toEqual([
      'SMS_TOKEN: set what goes with SMS_ACCOUNT',
    ]);
    expect(faults(WorkerSettings, { ...servers, WHATSAPP_FROM: '+15005550006' })).toEqual([
      'SMS_ACCOUNT, SMS_TOKEN: set what goes with WHATSAPP_FROM',
    ]);
  });

  it.each([
    ['smtpUrl', 'SMTP_URL', 'smtps://user:p%40ss@mail.example.org:465'],
    ['smtpUrl', 'SMTP_URL', 'smtp://127.0.0.1:1025'],
    ['mailFrom', 'MAIL_FROM', 'ContextFlow <no-reply@example.org>'],
    ['mailFrom', 'MAIL_FROM', 'no-reply@example.org'],
    ['smsFrom', 'SMS_FROM', `MG${'0'.repeat(32)}`],
  ] as const)('of a worker take %s from %s=%s', (property, variable, value) => {
    expect(loadSettings(WorkerSettings, { ...servers, [variable]: value })[property]).toBe(value);
  });

  it.each([
    ['tasks', true],
    ['tasks,labour', true],
    ['', true],
    ['tasks,', false],
    ['tasks labour', false],
  ] as const)('understand "%s" as a list of contexts: %s', (list, understood) => {
    expect(faults(WorkerSettings, { ...servers, WORKER_CONTEXTS: list }).length === 0).toBe(understood);
  });
});

describe('Lists', () => {
  it.each([
    ['corsOrigins', 'https://app.example.org,http://127.0.0.1:5173'],
    ['trustProxy', '10.0.0.1,172.16.0.0/12,::1,fd00::/8'],
  ] as const)('of %s may name several', (property, list) => {
    const variable = { corsOrigins: 'CORS_ORIGINS', trustProxy: 'TRUST_PROXY' }[property];
    expect(loadSettings(ApiSettings, { ...servers, [variable]: list })[property]).toBe(list);
  });
});

describe('A setting in a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'contextflow-settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const fileWith = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('counts like one in the environment, without the line end after it', () => {
    const settings = loadSettings(ApiSettings, {
      DATABASE_URL_FILE: fileWith('database', `${servers.DATABASE_URL}\n`),
      RABBITMQ_URL_FILE: fileWith('rabbitmq', servers.RABBITMQ_URL),
      ENVELOPE_KEYS_FILE: fileWith('envelope-keys', `${own.ENVELOPE_KEYS}\r\n`),
      PORT_FILE: fileWith('port', '9000'),
    });
    expect(settings).toMatchObject({
      databaseUrl: servers.DATABASE_URL,
      rabbitmqUrl: servers.RABBITMQ_URL,
      envelopeKeys: own.ENVELOPE_KEYS,
      port: 9000,
    });
  });

  it('may be a part of the address of the database', () => {
    const DB_PASSWORD_FILE = fileWith('password', 'p@ss\n');
    expect(loadSettings(DatabaseSettings, { DB_HOST: 'db', DB_PASSWORD_FILE }).databaseUrl).toBe(
      'postgres://postgres:p%40ss@db:5432/contextflow',
    );
  });

  it('is refused beside the same one in the environment', () => {
    const COMMAND_ID_KEY_FILE = fileWith('key', own.COMMAND_ID_KEY);
    expect(faults(ApiSettings, { ...servers, ...own, COMMAND_ID_KEY_FILE })).toEqual([
      expect.stringMatching(/^COMMAND_ID_KEY_FILE: .*both are set/),
    ]);
  });

  it('is told when it cannot be read', () => {
    const missing = join(folder, 'missing');
    expect(faults(ApiSettings, { ...servers, ENVELOPE_KEYS_FILE: missing })).toEqual([
      `ENVELOPE_KEYS_FILE: ${missing} does not exist; name a file that this process may read`,
    ]);
    expect(faults(ApiSettings, { ...servers, ENVELOPE_KEYS_FILE: folder })).toEqual([
      expect.stringContaining('cannot be read (EISDIR)'),
    ]);
  });

  it('is refused like any other when its value is wrong', () => {
    expect(faults(ApiSettings, { ...servers, ENVELOPE_KEYS_FILE: fileWith('short', 'short') })).toEqual([
      expect.stringMatching(/^ENVELOPE_KEYS: /),
    ]);
  });
});

describe('The address of the database', () => {
  const { RABBITMQ_URL } = servers;
  const address = (parts: NodeJS.ProcessEnv): string => loadSettings(Settings, { RABBITMQ_URL, ...parts }).databaseUrl;

  it('may come in parts', () => {
    expect(address({ DB_HOST: 'db' })).toBe('postgres://postgres@db:5432/contextflow');
    expect(address({ DB_HOST: 'db', DB_PORT: '6543', DB_USER: 'u', DB_PASSWORD: 'p', DB_NAME: 'n' })).toBe(
      'postgres://u:p@db:6543/n',
    );
  });

  it('survives any password', () => {
    expect(new URL(address({ DB_HOST: 'db', DB_PASSWORD: 'p@ss:w/rd#?' })).password).toBe(
      encodeURIComponent('p@ss:w/rd#?'),
    );
  });

  it('is the whole one where both are given', () => {
    expect(address({ DATABASE_URL: servers.DATABASE_URL, DB_HOST: 'other' })).toBe(servers.DATABASE_URL);
  });
});

describe('Production', () => {
  it('takes secrets of its own', () => {
    expect(faults(ApiSettings, production)).toEqual([]);
  });

  it.each([
    ['ENVELOPE_KEYS', development.envelopeKeys],
    ['COMMAND_ID_KEY', development.commandIdKey],
    ['ENCRYPTION_KEYS', development.encryptionKeys],
    ['JWT_KEYS', development.jwtKeys],
  ])('refuses the development %s, given or left out', (variable, value) => {
    for (const given of [value, undefined])
      expect(faults(ApiSettings, { ...production, [variable]: given })).toEqual([expect.stringContaining(variable)]);
  });

  it('refuses failpoints', () => {
    const failpoints = { FAILPOINTS: 'engine.before_commit=throw' };
    expect(faults(WorkerSettings, { ...production, ...failpoints })).toEqual([expect.stringContaining('FAILPOINTS')]);
    expect(faults(WorkerSettings, { ...servers, ...failpoints })).toEqual([]);
  });

  it('warns of servers across a network that are reached without TLS', () => {
    const warned = (addresses: NodeJS.ProcessEnv): string[] =>
      warnings(loadSettings(ApiSettings, { ...production, ...addresses }));
    expect(warned({})).toEqual([expect.stringContaining('sslmode=verify-full'), expect.stringContaining('amqps://')]);
    expect(warned({ DATABASE_URL: `${servers.DATABASE_URL}?sslmode=require`, RABBITMQ_URL: 'amqps://u:p@mq' })).toEqual(
      [expect.stringContaining('nothing proves')],
    );
    expect(warned({ DATABASE_URL: `${servers.DATABASE_URL}?sslmode=verify-full`, RABBITMQ_URL: 'amqps://mq' })).toEqual(
      [],
    );
    expect(warned({ DATABASE_URL: 'postgres://[::1]/c', RABBITMQ_URL: 'amqp://127.0.0.1' })).toEqual([]);
    expect(warnings(loadSettings(ApiSettings, servers))).toEqual([]);
  });

  it('asks a worker only for the secrets that a worker has', () => {
    expect(faults(WorkerSettings, { ...servers, NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('ENVELOPE_KEYS'),
      expect.stringContaining('ENCRYPTION_KEYS'),
    ]);
  });

  it('refuses the development envelope key among others too, since every key verifies', () => {
    const keys = `${own.ENVELOPE_KEYS},${development.envelopeKeys}`;
    expect(faults(ApiSettings, { ...production, ENVELOPE_KEYS: keys })).toEqual([
      expect.stringContaining('ENVELOPE_KEYS'),
    ]);
  });

  it('refuses the development signing key beside others and under any name', () => {
    const [known] = (JSON.parse(development.jwtKeys) as { keys: object[] }).keys;
    for (const keys of [jwks(signingKey('P-256'), known), jwks({ ...known, kid: 'mine' })])
      expect(faults(ApiSettings, { ...production, JWT_KEYS: keys })).toEqual([expect.stringContaining('JWT_KEYS')]);
    expect(JSON.stringify(known)).toContain(developmentSigningKey);
  });
});
