import 'reflect-metadata';

import { existsSync } from 'node:fs';
import { isIP } from 'node:net';

import {
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
  validateSync,
  type ValidationOptions,
} from 'class-validator';

import { TokenKeys } from '../auth/token-keys.js';
import { development, developmentSigningKey } from './development.js';
import { brokerTarget, exposedServers, postgresTarget, readSettingFile } from './server-tls.js';
import { serviceAccountOf } from './service-account.js';

const postgresUrl = /^postgres(ql)?:\/\/.+/;
const brokerUrl = /^amqps?:\/\/.+/;
const secretsWithIds = /^[\w-]+:[^,]{32,}(,[\w-]+:[^,]{32,})*$/;

/** Values with commas between them; none is fine. */
const ListOf = (fits: (value: string) => boolean, options: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    { name: 'listOf', validator: { validate: (list: string) => list === '' || list.split(',').every(fits) } },
    options,
  );

const IsWholeNumber = (least: number, most: number, message: string): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isWholeNumber',
      validator: { validate: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most },
    },
    { message: `${message} (${least} to ${most})` },
  );

const mostRequests = 1_000_000;

/** Where clients reach the API, or empty where only this machine does. */
const PublicUrl = (): PropertyDecorator =>
  ValidateBy(
    { name: 'publicUrl', validator: { validate: (url: string) => url === '' || isOrigin(url) } },
    { message: 'PUBLIC_URL: set where clients reach the API, such as https://api.example.org, without a path' },
  );

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  return (
    most !== undefined && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most))
  );
}

/** What it takes to reach the database. Each property is the environment variable of the same name in upper snake case. */
export class DatabaseSettings {
  @IsIn(['development', 'test', 'production'], { message: 'NODE_ENV: set development, test or production' })
  readonly nodeEnv: string = 'development';

  @Matches(postgresUrl, {
    message:
      'DATABASE_URL: set postgres://user:password@host:5432/database (or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME)',
  })
  readonly databaseUrl: string = '';

  /** Is part of `databaseUrl` too. */
  @IsString()
  readonly databaseCaFile: string = '';

  /** What was accepted or recorded longer ago is not run any more: whether it was before is not known for ever. */
  @IsInt({ message: 'INBOX_DAYS: set for how many days outcomes are kept, from 1 to 3650' })
  @Min(1, { message: 'INBOX_DAYS: set for how many days outcomes are kept, from 1 to 3650' })
  @Max(3650, { message: 'INBOX_DAYS: set for how many days outcomes are kept, from 1 to 3650' })
  readonly inboxDays: number = 90;
}

export class PruneSettings extends DatabaseSettings {
  @IsInt({ message: 'PAYLOAD_DAYS: set for how many days payloads and results are kept, from 1 to 3650' })
  @Min(1, { message: 'PAYLOAD_DAYS: set for how many days payloads and results are kept, from 1 to 3650' })
  @Max(3650, { message: 'PAYLOAD_DAYS: set for how many days payloads and results are kept, from 1 to 3650' })
  readonly payloadDays: number = 30;

  @IsInt({ message: 'ACTIVITY_DAYS: set for how many days the activity is kept, from 1 to 3650, or 0 for ever' })
  @Min(0, { message: 'ACTIVITY_DAYS: set for how many days the activity is kept, from 1 to 3650, or 0 for ever' })
  @Max(3650, { message: 'ACTIVITY_DAYS: set for how many days the activity is kept, from 1 to 3650, or 0 for ever' })
  readonly activityDays: number = 365;
}

/** The settings of every app. */
export class Settings extends DatabaseSettings {
  @Matches(brokerUrl, { message: 'RABBITMQ_URL: set amqp://user:password@host:5672/vhost' })
  readonly rabbitmqUrl: string = '';

  /** Is part of `rabbitmqUrl` too. */
  @IsString()
  readonly rabbitmqCaFile: string = '';

  @IsIn(['error', 'warn', 'info', 'debug', 'verbose'], {
    message: 'LOG_LEVEL: set error, warn, info, debug or verbose',
  })
  readonly logLevel: string = 'info';

  @Matches(/^[a-z0-9_-]{0,40}$/, { message: 'TOPOLOGY_PREFIX: use at most 40 of a-z, 0-9, _ and -' })
  readonly topologyPrefix: string = '';

  @IsInt({ message: 'PARTITIONS: set a whole number from 1 to 1024' })
  @Min(1, { message: 'PARTITIONS: set a whole number from 1 to 1024' })
  @Max(1024, { message: 'PARTITIONS: set a whole number from 1 to 1024' })
  readonly partitions: number = 8;

  @Matches(secretsWithIds, {
    message:
      'ENVELOPE_KEYS: set id:secret[,id:secret …], secrets of at least 32 characters; the first signs, all verify',
  })
  readonly envelopeKeys: string = development.envelopeKeys;

  @Matches(secretsWithIds, {
    message:
      'ENCRYPTION_KEYS: set id:secret[,id:secret …], secrets of at least 32 characters; the first encrypts, all decrypt',
  })
  readonly encryptionKeys: string = development.encryptionKeys;

  /** The bearer token that `/metrics` asks for. Without one they are open to all, but not there in production. */
  @Matches(/^[\w.~+/=-]*$/, { message: 'METRICS_TOKEN: use letters, digits and . _ ~ + / = - only' })
  readonly metricsToken: string = '';

  @IsString()
  readonly failpoints: string = '';

  /** The base of an OpenTelemetry collector that takes OTLP over HTTP. Empty, like the next: there are no traces. */
  @Matches(/^(https?:\/\/[^?#\s]+)?$/, {
    message: 'OTEL_EXPORTER_OTLP_ENDPOINT: set the collector that takes OTLP over HTTP, such as http://localhost:4318',
  })
  readonly otelExporterOtlpEndpoint: string = '';

  /** Instead, and in full. */
  @Matches(/^(https?:\/\/[^#\s]+)?$/, {
    message:
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: set where traces are posted to, such as http://localhost:4318/v1/traces',
  })
  readonly otelExporterOtlpTracesEndpoint: string = '';

  @Matches(/^([^=,\s]+=([^,%]|%[0-9a-f]{2})*(,\s*[^=,\s]+=([^,%]|%[0-9a-f]{2})*)*)?$/i, {
    message: 'OTEL_EXPORTER_OTLP_HEADERS: set name=value[,name=value …], with what is special percent-encoded',
  })
  readonly otelExporterOtlpHeaders: string = '';

  @Matches(/^(parentbased_)?(always_on|always_off|traceidratio)$/, {
    message: 'OTEL_TRACES_SAMPLER: set always_on, always_off or traceidratio, with parentbased_ in front or without',
  })
  readonly otelTracesSampler: string = 'parentbased_always_on';

  /** Which share of the traces `traceidratio` keeps. */
  @Min(0, { message: 'OTEL_TRACES_SAMPLER_ARG: set a share from 0 to 1, such as 0.1' })
  @Max(1, { message: 'OTEL_TRACES_SAMPLER_ARG: set a share from 0 to 1, such as 0.1' })
  readonly otelTracesSamplerArg: number = 1;
}

export class ApiSettings extends Settings {
  @IsString({ message: 'HOST: set the address to listen on' })
  readonly host: string = '127.0.0.1';

  @IsInt({ message: 'PORT: set a port from 0 to 65535' })
  @Min(0, { message: 'PORT: set a port from 0 to 65535' })
  @Max(65535, { message: 'PORT: set a port from 0 to 65535' })
  readonly port: number = 8000;

  @MinLength(32, { message: 'COMMAND_ID_KEY: set a secret of at least 32 characters; never change it later' })
  readonly commandIdKey: string = development.commandIdKey;

  /** A JWK Set of private keys. */
  @IsString()
  readonly jwtKeys: string = development.jwtKeys;

  @IsWholeNumber(5, 30, 'ACCESS_TOKEN_MINUTES: set how long an access token is good for')
  readonly accessTokenMinutes: number = 15;

  /** Where clients reach the API, without a path; empty where only this machine does. */
  @PublicUrl()
  readonly publicUrl: string = '';

  /** What the provider of text messages signs its reports with. */
  @IsString()
  readonly smsToken: string = '';

  @Matches(/^https?:\/\/[^?#]+$/, {
    message: 'OIDC_GOOGLE_ISSUER: set the issuer of the OpenID provider, such as https://accounts.google.com',
  })
  readonly oidcGoogleIssuer: string = 'https://accounts.google.com';

  /** Empty: there is no sign-in with Google. */
  @IsString()
  readonly oidcGoogleClientId: string = '';

  @IsString()
  readonly oidcGoogleClientSecret: string = '';

  /** Requests that an address may send without a token, in a minute; 0 is any number. */
  @IsWholeNumber(0, mostRequests, 'RATE_LIMIT_ANONYMOUS: set requests per minute and address, or 0 for no limit')
  readonly rateLimitAnonymous: number = 100;

  /** Requests that a user may send, in a minute; 0 is any number. */
  @IsWholeNumber(0, mostRequests, 'RATE_LIMIT_USER: set requests per minute and user, or 0 for no limit')
  readonly rateLimitUser: number = 6000;

  /** Tracking events that an address may send, in a minute; 0 is any number. */
  @IsWholeNumber(0, mostRequests, 'RATE_LIMIT_TRACKING: set requests per minute and address, or 0 for no limit')
  readonly rateLimitTracking: number = 6000;

  @IsInt({ message: 'PUBLISH_WINDOW: set how many publishes may await their confirm, from 1 to 100000' })
  @Min(1, { message: 'PUBLISH_WINDOW: set how many publishes may await their confirm, from 1 to 100000' })
  @Max(100_000, { message: 'PUBLISH_WINDOW: set how many publishes may await their confirm, from 1 to 100000' })
  readonly publishWindow: number = 2000;

  @IsInt({ message: 'BACKLOG_LIMIT: set how many commands may wait in a partition, from 1 to 10000000' })
  @Min(1, { message: 'BACKLOG_LIMIT: set how many commands may wait in a partition, from 1 to 10000000' })
  @Max(10_000_000, { message: 'BACKLOG_LIMIT: set how many commands may wait in a partition, from 1 to 10000000' })
  readonly backlogLimit: number = 10_000;

  @IsInt({ message: 'UNKNOWN_AFTER: set a number of seconds from 1 to 86400' })
  @Min(1, { message: 'UNKNOWN_AFTER: set a number of seconds from 1 to 86400' })
  @Max(86_400, { message: 'UNKNOWN_AFTER: set a number of seconds from 1 to 86400' })
  readonly unknownAfter: number = 300;

  /** Origins whose pages may read answers, with commas between them. */
  @ListOf(isOrigin, {
    message: 'CORS_ORIGINS: set origins such as https://app.example.org,https://admin.example.org, without a path',
  })
  readonly corsOrigins: string = '';

  /** Addresses and networks of proxies that may tell a client's address, with commas between them. */
  @ListOf(isNetwork, { message: 'TRUST_PROXY: set addresses or networks of proxies, such as 10.0.0.1,172.16.0.0/12' })
  readonly trustProxy: string = '';
}

export class WorkerSettings extends Settings {
  @IsString({ message: 'HOST: set the address that the health port listens on' })
  readonly host: string = '127.0.0.1';

  @IsInt({ message: 'WORKER_HEALTH_PORT: set a port from 0 (any) to 65535' })
  @Min(0, { message: 'WORKER_HEALTH_PORT: set a port from 0 (any) to 65535' })
  @Max(65535, { message: 'WORKER_HEALTH_PORT: set a port from 0 (any) to 65535' })
  readonly workerHealthPort: number = 8101;

  @Matches(/^([a-z_]+(,[a-z_]+)*)?$/, { message: 'WORKER_CONTEXTS: set names such as tasks,labour; empty serves all' })
  readonly workerContexts: string = '';

  @IsInt({ message: 'PREFETCH: set how many unacknowledged messages a partition may hold, from 1 to 10000' })
  @Min(1, { message: 'PREFETCH: set how many unacknowledged messages a partition may hold, from 1 to 10000' })
  @Max(10_000, { message: 'PREFETCH: set how many unacknowledged messages a partition may hold, from 1 to 10000' })
  readonly prefetch: number = 500;

  /** Pauses before the delayed attempts of a command that could not be run; after the last it is dead. */
  @Matches(/^(none|\d{1,5}(\.\d+)?(,\d{1,5}(\.\d+)?)*)$/, {
    message: 'ATTEMPT_DELAYS: set seconds with commas between them, such as 5,30,120, or none',
  })
  readonly attemptDelays: string = '5,30,120,600,1800';

  /** Where clients reach the API, without a path: messages link there. Empty where only this machine does. */
  @PublicUrl()
  readonly publicUrl: string = '';

  /** Empty: no e-mail leaves. */
  @Matches(/^(smtps?:\/\/[^/?#\s]+\/?)?$/, {
    message: 'SMTP_URL: set smtp://user:password@host:587, or smtps://… for TLS from the first byte',
  })
  readonly smtpUrl: string = '';

  /** What recipients see as the sender. */
  @Matches(/^([^<>@,;"\p{Cc}]{1,100} <[^\s<>@,;"]+@[^\s<>@,;"]+>|[^\s<>@,;"]+@[^\s<>@,;"]+)$/u, {
    message: 'MAIL_FROM: set one address, such as ContextFlow <no-reply@example.org>',
  })
  readonly mailFrom: string = 'ContextFlow <no-reply@localhost>';

  /** Of Twilio's API, or of what speaks like it. */
  @Matches(/^https?:\/\/[^?#\s]+$/, { message: 'SMS_URL: set the base of the API, such as https://api.twilio.com' })
  readonly smsUrl: string = 'https://api.twilio.com';

  /** Empty: no text message leaves. */
  @Matches(/^[\w-]*$/, { message: 'SMS_ACCOUNT: set the account at the provider, such as AC0123456789abcdef…' })
  readonly smsAccount: string = '';

  @IsString()
  readonly smsToken: string = '';

  /** A number, or the id of a messaging service. */
  @Matches(/^(\+\d{5,15}|MG[0-9a-f]{32}|[A-Za-z0-9 ]{0,11})$/, {
    message: 'SMS_FROM: set a number such as +15005550006, or the id of a messaging service (MG…)',
  })
  readonly smsFrom: string = '';

  /** A number, or the id of a messaging service. Empty: nothing leaves by WhatsApp. */
  @Matches(/^(\+\d{5,15}|MG[0-9a-f]{32}|)$/, {
    message: 'WHATSAPP_FROM: set a number such as +15005550006, or the id of a messaging service (MG…)',
  })
  readonly whatsappFrom: string = '';

  /** A template that WhatsApp approved. Empty: messages leave as text. */
  @Matches(/^(HX[0-9a-f]{32}|)$/, { message: 'WHATSAPP_CONTENT: set the id of an approved template (HX…)' })
  readonly whatsappContent: string = '';

  /** The key file of a service account, as it is. Empty: no push message leaves. */
  @IsString()
  readonly fcmServiceAccount: string = '';

  /** Of Firebase Cloud Messaging, or of what speaks like it. */
  @Matches(/^https?:\/\/[^?#\s]+$/, { message: 'FCM_URL: set the base of the API, such as https://fcm.googleapis.com' })
  readonly fcmUrl: string = 'https://fcm.googleapis.com';
}

/** All faults of the environment at once, each saying what to set. */
export class InvalidSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads settings from the environment and from `.env` beside it (the environment wins). `NAME_FILE` names a file that
 * holds the value of `NAME`.
 * @throws InvalidSettings
 */
export function loadSettings<T extends DatabaseSettings>(type: new () => T, environment?: NodeJS.ProcessEnv): T {
  if (!environment && existsSync('.env')) process.loadEnvFile('.env');
  const settings = new type();
  const properties = Object.keys(settings) as (keyof T & string)[];
  const faults: string[] = [];
  const named = withFiles(environment ?? process.env, [...properties.map(variable), ...databaseParts], faults);
  const source = withAuthorities(withDatabaseUrl(named));
  for (const property of properties) {
    const value = source[variable(property)];
    if (value === undefined || value === '') continue;
    Object.assign(settings, { [property]: typeof settings[property] === 'number' ? Number(value) : value });
  }
  faults.push(...validateSync(settings).map(({ constraints }) => Object.values(constraints ?? {})[0] as string));
  for (const target of [() => postgresTarget(settings.databaseUrl), () => brokerTarget(brokerOf(settings))])
    faults.push(...faultOf(target));
  if (settings instanceof WorkerSettings) faults.push(...messagingFaults(settings));
  if (settings instanceof ApiSettings)
    faults.push(...faultOf(() => new TokenKeys(settings.jwtKeys)).map((fault) => `JWT_KEYS: ${fault}`));
  if (settings.nodeEnv === 'production') faults.push(...productionFaults(settings));
  if (faults.length) throw new InvalidSettings(faults);
  return settings;
}

/** What works, but ought not to be so in production. */
export function warnings({ nodeEnv, databaseUrl, rabbitmqUrl }: Settings): string[] {
  return nodeEnv === 'production' ? exposedServers(databaseUrl, rabbitmqUrl) : [];
}

function productionFaults(settings: DatabaseSettings): string[] {
  const faults: string[] = [];
  if ('failpoints' in settings && settings.failpoints)
    faults.push('FAILPOINTS: leave it empty; production refuses failpoints');
  for (const [property, secret] of Object.entries(developmentSecrets))
    if (property in settings && (settings as unknown as Record<string, string>)[property]?.includes(secret))
      faults.push(`${variable(property)}: set a secret of your own; production refuses the development one`);
  return faults;
}

function messagingFaults({
  smtpUrl,
  smsAccount,
  smsToken,
  smsFrom,
  whatsappFrom,
  fcmServiceAccount,
}: WorkerSettings): string[] {
  const together = { SMS_ACCOUNT: smsAccount, SMS_TOKEN: smsToken, SMS_FROM: smsFrom };
  const missing = Object.entries(together).filter(([, value]) => value === '');
  const faults = faultOf(() => decodeURIComponent(new URL(smtpUrl || 'smtp://host').password)).map(
    () => 'SMTP_URL: encode what is special in user and password: % is %25, @ is %40, / is %2F, # is %23',
  );
  if (smsAccount !== '' && missing.length > 0)
    faults.push(`${missing.map(([name]) => name).join(', ')}: set what goes with SMS_ACCOUNT`);
  if (fcmServiceAccount !== '') faults.push(...faultOf(() => serviceAccountOf(fcmServiceAccount)));
  if (whatsappFrom !== '' && smsAccount === '') faults.push('SMS_ACCOUNT, SMS_TOKEN: set what goes with WHATSAPP_FROM');
  return faults;
}

const brokerOf = (settings: DatabaseSettings): string =>
  'rabbitmqUrl' in settings ? String(settings.rabbitmqUrl) : '';

function faultOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What gives a development value away, whatever stands around it: one of several keys does harm like the only one. */
const developmentSecrets: Readonly<Record<keyof typeof development, string>> = {
  ...development,
  jwtKeys: developmentSigningKey,
};

const variable = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const databaseParts = ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASSWORD', 'DB_NAME'];

/** Secrets of containers are files: they show in no list of processes and no description of a container. */
function withFiles(environment: NodeJS.ProcessEnv, names: readonly string[], faults: string[]): NodeJS.ProcessEnv {
  const read: NodeJS.ProcessEnv = {};
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (environment[name]) faults.push(`${name}_FILE: leave it out, or leave ${name} out; both are set`);
    else faults.push(...faultOf(() => (read[name] = readSettingFile(`${name}_FILE`, file).trim())));
  }
  return { ...environment, ...read };
}

function withDatabaseUrl(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = source;
  if (DATABASE_URL || !DB_HOST) return source;
  const user = encodeURIComponent(DB_USER ?? 'postgres');
  const password = DB_PASSWORD ? `:${encodeURIComponent(DB_PASSWORD)}` : '';
  return {
    ...source,
    DATABASE_URL: `postgres://${user}${password}@${DB_HOST}:${DB_PORT ?? 5432}/${DB_NAME ?? 'contextflow'}`,
  };
}

/** So that an address alone says how to connect. */
function withAuthorities(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL, DATABASE_CA_FILE, RABBITMQ_URL, RABBITMQ_CA_FILE } = source;
  return {
    ...source,
    DATABASE_URL: withParameter(DATABASE_URL, 'sslrootcert', DATABASE_CA_FILE),
    RABBITMQ_URL: withParameter(RABBITMQ_URL, 'cacertfile', RABBITMQ_CA_FILE),
  };
}

function withParameter(address: string | undefined, name: string, value: string | undefined): string | undefined {
  if (!address || !value) return address;
  return `${address}${address.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}
