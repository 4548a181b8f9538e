import { isIPv4 } from 'node:net';

/** Where mail is handed over, and how the connection is secured. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Nothing is said to a server that offers no TLS. */
  readonly requireTLS: boolean;
  readonly tls: { readonly rejectUnauthorized: boolean };
  readonly auth?: { readonly user: string; readonly pass: string };
}

/**
 * Reads `smtp[s]://user:password@host:port`. By `smtp:` the connection is secured as soon as the server offers that, in
 * production it must. On this machine nobody listens in, and no certificate could be for it.
 */
export function smtpServer(address: string, production: boolean): SmtpServer {
  const { protocol, hostname, port, username, password } = new URL(address);
  const secure = protocol === 'smtps:';
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const here = isLoopback(host);
  return {
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: production && !secure && !here,
    tls: { rejectUnauthorized: !here },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
