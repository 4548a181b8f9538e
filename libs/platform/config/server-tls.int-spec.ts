import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { AppProcess } from '#testing/app-process.js';
import { CertificateAuthority, type Identity } from '#testing/certificate-authority.js';
import { eventually } from '#testing/eventually.js';
import { dataFolder } from '#testing/project.js';
import { sharedServers, startOwnPostgres } from '#testing/servers.js';
import { TestBroker } from '#testing/test-broker.js';
import { TestDatabase } from '#testing/test-database.js';
import { TlsTerminator } from '#testing/tls-terminator.js';

import { Database } from '../database/database.js';
import { DatabaseUnavailable, isInfrastructure } from '../database/errors.js';
import { migrate } from '../database/migrate.js';
import { RabbitConnection } from '../messaging/rabbitmq/connection.js';

const ours = new CertificateAuthority('Ours');
const theirs = new CertificateAuthority('Theirs');
const messages: string[] = [];
let ourFile: string;
let theirFile: string;
let postgres: Awaited<ReturnType<typeof startOwnPostgres>>;
let rows: TestDatabase;
let terminator: TlsTerminator;

beforeAll(async () => {
  const log = (entry: unknown): void => void messages.push(JSON.stringify(entry));
  Logger.overrideLogger({ log, error: log, warn: log });
  const folder = dataFolder();
  [ourFile, theirFile] = [join(folder, 'ours.pem'), join(folder, 'theirs.pem')];
  writeFileSync(ourFile, ours.certificate);
  writeFileSync(theirFile, theirs.certificate);
  postgres = await startOwnPostgres('tls');
  rows = await TestDatabase.create(postgres.url);
  await identifyPostgres(ours.identify('localhost'));
  const brokerPort = Number(new URL(sharedServers().rabbitmqUrl).port || 5672);
  terminator = await TlsTerminator.before(brokerPort, ours.identify('localhost'));
});
afterEach(() => void messages.splice(0));
afterAll(async () => {
  await terminator?.close();
  await rows?.close();
  await postgres?.remove();
});

/** The server writes the files itself, since its key must belong to the user that it runs as, whoever that is. */
async function identifyPostgres({ certificate, key }: Identity): Promise<void> {
  for (const [file, pem] of Object.entries({ 'server.crt': certificate, 'server.key': key }))
    await rows.query(
      `copy (select unnest(string_to_array('${pem.trim()}', chr(10)))) to program 'umask 077; cat > ${file}'`,
    );
  await rows.query('alter system set ssl = on');
  await rows.query('select pg_reload_conf()');
  await eventually('Postgres speaks TLS', async () => (await rows.one<{ ssl: string }>('show ssl')).ssl === 'on');
}

function databaseUrl(host: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(rows.url);
  url.hostname = host;
  url.search = new URLSearchParams(parameters).toString();
  return url.toString();
}

function brokerUrl(host: string, authority: string): string {
  const url = new URL(sharedServers().rabbitmqUrl);
  url.protocol = 'amqps:';
  url.hostname = host;
  url.port = String(terminator.port);
  url.searchParams.set('cacertfile', authority);
  return url.toString();
}

const told = (sentence: RegExp): Promise<unknown> =>
  eventually(`a log with ${String(sentence)}`, () => messages.some((message) => sentence.test(message)), { every: 10 });

describe('The database', () => {
  const opened: Database[] = [];
  const open = (url: string): Database => {
    const database = new Database({
      url,
      applicationName: 'contextflow-test',
      poolSize: 1,
      acquireTimeout: 5_000,
      statementTimeout: 10_000,
      entities: [],
    });
    opened.push(database);
    return database;
  };
  const encrypted = async (database: Database): Promise<unknown> => {
    await database.whenConnected();
    return (await database.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()'))[0]?.ssl;
  };

  afterEach(() => Promise.all(opened.splice(0).map((database) => database.onApplicationShutdown())));

  it.each([
    ['verify-full', 'localhost'],
    ['verify-ca', '127.0.0.1'],
    ['require', '127.0.0.1'],
  ])('is reached over TLS with sslmode=%s and its authority, as %s', async (sslmode, host) => {
    expect(await encrypted(open(databaseUrl(host, { sslmode, sslrootcert: ourFile })))).toBe(true);
  });

  it('is reached over TLS, whoever it is, with sslmode=require alone, and without TLS when disabled', async () => {
    expect(await encrypted(open(databaseUrl('127.0.0.1', { sslmode: 'require' })))).toBe(true);
    expect(await encrypted(open(databaseUrl('127.0.0.1', { sslmode: 'disable' })))).toBe(false);
  });

  it.each([
    ['verify-full', 'localhost', 'theirs', /Postgres is not trusted: .*certificate/],
    ['verify-ca', 'localhost', 'theirs', /Postgres is not trusted: .*certificate/],
    ['require', 'localhost', 'theirs', /Postgres is not trusted: .*certificate/],
    ['verify-full', 'localhost', 'system', /Postgres is not trusted: .*certificate/],
    ['verify-full', '127.0.0.1', 'ours', /Postgres is not trusted: .*does not match certificate's altnames/],
  ])('is not trusted with sslmode=%s, as %s, by the authority "%s"', async (sslmode, host, authority, sentence) => {
    const sslrootcert = { ours: ourFile, theirs: theirFile, system: 'system' }[authority] as string;
    const url = databaseUrl(host, { sslmode, sslrootcert });
    const database = open(url);
    database.onApplicationBootstrap();
    await told(sentence);
    expect(database.reachable).toBe(false);
    await expect(migrate(url, [])).rejects.toThrow(/certificate/);
  });

  it('that shows a certificate of somebody else later cannot be reached, which no command is to blame for', async () => {
    const database = open(databaseUrl('localhost', { sslmode: 'verify-full', sslrootcert: ourFile }));
    expect(await encrypted(database)).toBe(true);
    try {
      await identifyPostgres(theirs.identify('localhost'));
      const refusal = await eventually('no connection comes after the lost one', async () => {
        await rows.query('select pg_terminate_backend(pid) from pg_stat_ssl where ssl');
        const error = await database.query('select 1').then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        const isLost = isInfrastructure(error) && !(error instanceof DatabaseUnavailable);
        return isLost ? undefined : error;
      });
      expect(refusal).toBeInstanceOf(DatabaseUnavailable);
      expect(refusal.cause).toMatchObject({ message: expect.stringContaining('certificate') });
    } finally {
      await identifyPostgres(ours.identify('localhost'));
    }
    await database.whenReachable();
    expect(await encrypted(database)).toBe(true);
  });
});

describe('The broker', () => {
  const opened: RabbitConnection[] = [];
  const open = (url: string): RabbitConnection => {
    const connection = new RabbitConnection(
      url,
      'contextflow-test',
      async () => undefined,
      () => undefined,
    );
    opened.push(connection);
    connection.open();
    return connection;
  };

  afterEach(() => Promise.all(opened.splice(0).map((connection) => connection.close())));

  it('is reached over TLS with its authority', async () => {
    const connection = open(brokerUrl('localhost', ourFile));
    await eventually('the connection stands', () => connection.ready);
  });

  it.each([
    ['localhost', 'theirs', /cannot be reached: .*certificate/],
    ['127.0.0.1', 'ours', /cannot be reached: .*does not match certificate's altnames/],
  ])('is not trusted as %s by the authority "%s"', async (host, authority, sentence) => {
    const connection = open(brokerUrl(host, authority === 'ours' ? ourFile : theirFile));
    await told(sentence);
    expect(connection.ready).toBe(false);
  });
});

describe('API and worker', () => {
  it('become ready over TLS, with the files of the authorities in their settings', async () => {
    const broker = new TestBroker(sharedServers().rabbitmqUrl);
    const plain = new URL(brokerUrl('localhost', ourFile));
    plain.search = '';
    const environment = {
      DATABASE_URL: databaseUrl('localhost', {}),
      DATABASE_CA_FILE: ourFile,
      RABBITMQ_URL: plain.toString(),
      RABBITMQ_CA_FILE: ourFile,
      TOPOLOGY_PREFIX: broker.prefix,
    };
    const apps = await Promise.all((['api', 'worker'] as const).map((app) => AppProcess.spawn(app, environment)));
    try {
      await Promise.all(apps.map((app) => app.ready()));
      const { plainly } = await rows.one<{ plainly: number }>(
        `select count(*)::int as plainly from pg_stat_ssl join pg_stat_activity using (pid)
         where not ssl and application_name like 'contextflow-%' and application_name <> 'contextflow-test'`,
      );
      expect(plainly).toBe(0);
    } finally {
      await Promise.all(apps.map((app) => app.terminate()));
      await broker.remove(['tasks']);
    }
  });
});
