import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

/** Where a server is, and what TLS to speak with it: `false` is none, `undefined` what its client does by default. */
export interface ServerTarget {
  /** Without the parameters about TLS. */
  readonly url: string;
  readonly tls: ConnectionOptions | false | undefined;
}

const modes = ['disable', 'require', 'verify-ca', 'verify-full'];
const foreignModes = ['ssl', 'sslnegotiation', 'uselibpqcompat'];
const loopback = /^(|localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Reads `sslmode`, `sslrootcert`, `sslcert` and `sslkey` of an address as libpq does; pg itself would take every mode
 * for `verify-full`. Certificates without a mode ask for `verify-full`. Their files are read here, once.
 * @throws Error whose message says what to set
 */
export function postgresTarget(address: string): ServerTarget {
  const { url, taken } = without(address, ['sslmode', 'sslrootcert', 'sslcert', 'sslkey']);
  const [odd] = Object.keys(without(address, foreignModes).taken);
  if (odd) throw new Error(`DATABASE_URL: leave ${odd} out; sslmode (${modes.join(', ')}) says which TLS to speak`);
  if (Object.keys(taken).length === 0) return { url: address, tls: undefined };
  const { sslmode = 'verify-full', sslrootcert, sslcert, sslkey } = taken;
  if (!modes.includes(sslmode))
    throw new Error(`DATABASE_URL: set sslmode to one of ${modes.join(', ')}, not to "${sslmode}"`);
  if (sslmode === 'disable') {
    if (!sslrootcert) return { url, tls: false };
    throw new Error('DATABASE_CA_FILE: leave it out, or set sslmode=verify-full in DATABASE_URL instead of disable');
  }
  if (sslrootcert === 'system' && sslmode !== 'verify-full')
    throw new Error(
      `DATABASE_URL: set sslmode=verify-full; ${sslmode} and the system's authorities would trust anybody`,
    );
  const ca = sslrootcert === 'system' ? undefined : certificates('DATABASE_CA_FILE', sslrootcert);
  if (sslmode === 'verify-ca' && !ca)
    throw new Error("DATABASE_CA_FILE: set the file (PEM) of the authority's certificate; sslmode=verify-ca needs it");
  const own = { cert: content('sslcert in DATABASE_URL', sslcert), key: content('sslkey in DATABASE_URL', sslkey) };
  if (sslmode === 'verify-full') return { url, tls: { ...own, ca } };
  return {
    url,
    tls: ca ? { ...own, ca, checkServerIdentity: () => undefined } : { ...own, rejectUnauthorized: false },
  };
}

/**
 * Reads `cacertfile`, `certfile` and `keyfile` of an `amqps://` address, as RabbitMQ's own tools do. The broker's
 * certificate is always verified, and its name too. The files are read here, once.
 * @throws Error whose message says what to set
 */
export function brokerTarget(address: string): ServerTarget {
  const { url, taken } = without(address, ['cacertfile', 'certfile', 'keyfile']);
  const { cacertfile, certfile, keyfile } = taken;
  if (!url.startsWith('amqps:')) {
    if (!cacertfile) return { url, tls: undefined };
    throw new Error('RABBITMQ_CA_FILE: leave it out, or set amqps:// in RABBITMQ_URL; amqp:// speaks no TLS');
  }
  return {
    url,
    tls: {
      ca: certificates('RABBITMQ_CA_FILE', cacertfile),
      cert: content('certfile in RABBITMQ_URL', certfile),
      key: content('keyfile in RABBITMQ_URL', keyfile),
    },
  };
}

/** Which of the two servers anybody on the way could read or pretend to be, each with what to set. */
export function exposedServers(databaseUrl: string, rabbitmqUrl: string): string[] {
  const exposed: string[] = [];
  const database = postgresTarget(databaseUrl);
  if (isRemote(database.url)) {
    if (!database.tls) exposed.push('Postgres is reached without TLS: set sslmode=verify-full in DATABASE_URL');
    else if (database.tls.rejectUnauthorized === false)
      exposed.push('nothing proves that Postgres is who answers: set sslmode=verify-full and DATABASE_CA_FILE');
  }
  const broker = brokerTarget(rabbitmqUrl);
  if (isRemote(broker.url) && !broker.tls)
    exposed.push('RabbitMQ is reached without TLS: set amqps:// in RABBITMQ_URL');
  return exposed;
}

/** Whether a connection failed because one side does not trust the other, or speaks no TLS. */
export function isTlsFailure(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const codes = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;
  return codes.test(String(code)) || /server does not support SSL/i.test(String(message));
}

/** Takes parameters out of an address, which need not be one that `URL` understands: a socket has no host. */
function without(address: string, names: readonly string[]): { url: string; taken: Record<string, string> } {
  const mark = address.indexOf('?');
  if (mark < 0) return { url: address, taken: {} };
  const parameters = new URLSearchParams(address.slice(mark + 1));
  const taken: Record<string, string> = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value === null) continue;
    taken[name] = value;
    parameters.delete(name);
  }
  if (Object.keys(taken).length === 0) return { url: address, taken };
  const url = address.slice(0, mark);
  return { url: parameters.size > 0 ? `${url}?${parameters.toString()}` : url, taken };
}

const isRemote = (url: string): boolean => URL.canParse(url) && !loopback.test(new URL(url).hostname);

function certificates(setting: string, file: string | undefined): string | undefined {
  const text = content(setting, file);
  if (text === undefined) return undefined;
  try {
    const { raw } = new X509Certificate(text);
    return raw && text;
  } catch (cause) {
    const form = 'give one in PEM form (-----BEGIN CERTIFICATE-----)';
    throw new Error(`${setting}: ${file} holds no certificate; ${form}`, { cause });
  }
}

const content = (setting: string, file: string | undefined): string | undefined =>
  file ? readSettingFile(setting, file) : undefined;

/**
 * The text of a file that a setting names.
 * @throws Error whose message says what to set
 */
export function readSettingFile(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new Error(`${setting}: ${file} ${why}; name a file that this process may read`, { cause });
  }
}
