import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { CertificateAuthority } from '#testing/certificate-authority.js';

import { brokerTarget, isTlsFailure, postgresTarget } from './server-tls.js';
import { InvalidSettings, loadSettings, Settings } from './settings.js';

const database = 'postgres://u:p@db.example.org:5432/contextflow';
const broker = 'amqps://u:p@mq.example.org/vhost';
const { certificate } = new CertificateAuthority('Acme');
let folder: string;
let authority: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contextflow tls-'));
  authority = join(folder, 'authority.pem');
  writeFileSync(authority, certificate);
});
afterAll(() => rmSync(folder, { recursive: true }));

const verdict = ({ tls }: ReturnType<typeof postgresTarget>): unknown =>
  tls && {
    trusts: tls.rejectUnauthorized === false ? 'anybody' : tls.ca ? 'the authority' : "the system's authorities",
    underAnyName: tls.checkServerIdentity !== undefined,
  };

describe('The address of Postgres', () => {
  it('stays as it is when it says nothing about TLS', () => {
    for (const address of [database, `${database}?options=-c%20x%3Dy`, 'postgres://u@/db?host=/run/postgresql'])
      expect(postgresTarget(address)).toEqual({ url: address, tls: undefined });
  });

  it('keeps its other parameters', () => {
    const { url } = postgresTarget(`${database}?sslmode=require&options=-c%20x%3Dy`);
    expect(new URL(url).searchParams.get('options')).toBe('-c x=y');
    expect(url).not.toContain('ssl');
  });

  it.each([
    ['disable', false],
    ['require', { trusts: 'anybody', underAnyName: false }],
    ['verify-full', { trusts: "the system's authorities", underAnyName: false }],
  ] as const)('means with sslmode=%s alone what libpq means', (mode, expected) => {
    expect(verdict(postgresTarget(`${database}?sslmode=${mode}`))).toEqual(expected);
  });

  it.each([
    ['require', { trusts: 'the authority', underAnyName: true }],
    ['verify-ca', { trusts: 'the authority', underAnyName: true }],
    ['verify-full', { trusts: 'the authority', underAnyName: false }],
  ] as const)('means with sslmode=%s and an authority what libpq means', (mode, expected) => {
    const file = encodeURIComponent(authority);
    expect(verdict(postgresTarget(`${database}?sslmode=${mode}&sslrootcert=${file}`))).toEqual(expected);
  });

  it.each([
    ['sslmode=verify-ca', 'DATABASE_CA_FILE: set the file'],
    ['sslmode=prefer', 'not to "prefer"'],
    ['sslmode=no-verify', 'not to "no-verify"'],
    ['ssl=true', 'leave ssl out'],
    ['sslmode=require&uselibpqcompat=true', 'leave uselibpqcompat out'],
    ['sslmode=require&sslrootcert=system', 'set sslmode=verify-full'],
    ['sslrootcert=/nowhere/ca.pem', '/nowhere/ca.pem does not exist'],
    ['sslcert=/nowhere/client.pem', '/nowhere/client.pem does not exist'],
  ])('refuses %s', (parameters, sentence) => {
    expect(() => postgresTarget(`${database}?${parameters}`)).toThrow(sentence);
  });
});

describe('The address of RabbitMQ', () => {
  it('verifies the broker whenever it is amqps', () => {
    expect(brokerTarget(broker)).toEqual({ url: broker, tls: {} });
    const file = encodeURIComponent(authority);
    expect(brokerTarget(`${broker}?cacertfile=${file}`)).toEqual({ url: broker, tls: { ca: certificate } });
    expect(brokerTarget('amqp://mq').tls).toBeUndefined();
  });
});

describe('Settings of authorities', () => {
  const settings = (environment: NodeJS.ProcessEnv): Settings =>
    loadSettings(Settings, { DATABASE_URL: database, RABBITMQ_URL: broker, ...environment });
  const faults = (environment: NodeJS.ProcessEnv): readonly string[] => {
    try {
      settings(environment);
      return [];
    } catch (error) {
      if (error instanceof InvalidSettings) return error.faults;
      throw error;
    }
  };

  it('become part of the addresses, whatever the file is called', () => {
    const { databaseUrl, rabbitmqUrl } = settings({
      DATABASE_URL: `${database}?sslmode=verify-ca`,
      DATABASE_CA_FILE: authority,
      RABBITMQ_CA_FILE: authority,
    });
    expect(verdict(postgresTarget(databaseUrl))).toEqual({ trusts: 'the authority', underAnyName: true });
    expect(brokerTarget(rabbitmqUrl)).toEqual({ url: broker, tls: { ca: certificate } });
  });

  it('ask for verify-full where the address says no mode', () => {
    const { databaseUrl } = settings({ DATABASE_CA_FILE: authority });
    expect(verdict(postgresTarget(databaseUrl))).toEqual({ trusts: 'the authority', underAnyName: false });
  });

  it('are refused beside addresses without TLS', () => {
    const disabled = { DATABASE_URL: `${database}?sslmode=disable`, DATABASE_CA_FILE: authority };
    const plain = { RABBITMQ_URL: 'amqp://mq', RABBITMQ_CA_FILE: authority };
    expect(faults({ ...disabled, ...plain })).toEqual([
      expect.stringMatching(/^DATABASE_CA_FILE: leave it out, or set sslmode/),
      expect.stringMatching(/^RABBITMQ_CA_FILE: leave it out, or set amqps/),
    ]);
  });

  it('are refused when the file is missing or holds no certificate', () => {
    const text = join(folder, 'text');
    writeFileSync(text, 'no certificate');
    expect(faults({ DATABASE_CA_FILE: text, RABBITMQ_CA_FILE: join(folder, 'missing') })).toEqual([
      expect.stringMatching(/^DATABASE_CA_FILE: .* holds no certificate/),
      expect.stringMatching(/^RABBITMQ_CA_FILE: .* does not exist/),
    ]);
  });
});

describe('A failure of TLS', () => {
  it('is told from others by its code', () => {
    const failed = (code: string): Error => Object.assign(new Error('handshake'), { code });
    for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])
      expect(isTlsFailure(failed(code))).toBe(true);
    for (const code of ['23505', 'ECONNREFUSED']) expect(isTlsFailure(failed(code))).toBe(false);
    expect(isTlsFailure(new Error('The server does not support SSL connections'))).toBe(true);
    expect(isTlsFailure(undefined)).toBe(false);
  });
});
