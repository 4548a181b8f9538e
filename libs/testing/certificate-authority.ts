import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

export interface Identity {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

/** Issues certificates for servers of tests, good for an hour. */
export class CertificateAuthority {
  readonly #identity: Identity;

  constructor(private readonly name: string) {
    this.#identity = issue(name, [extension('551d13', sequence(boolean(true)), true)]);
  }

  /** PEM. */
  get certificate(): string {
    return this.#identity.certificate;
  }

  /** A server's, for host names and IPv4 addresses. */
  identify(...hosts: string[]): Identity {
    const names = hosts.map((host) =>
      isIP(host) ? element(0x87, Buffer.from(host.split('.').map(Number))) : element(0x82, Buffer.from(host)),
    );
    const signer = { name: this.name, key: createPrivateKey(this.#identity.key) };
    return issue(hosts[0] as string, [extension('551d11', sequence(...names))], signer);
  }
}

function issue(name: string, extensions: readonly Buffer[], signer?: { name: string; key: KeyObject }): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const content = sequence(
    element(0xa0, integer(2)),
    element(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    distinguished(signer?.name ?? name),
    sequence(time(now - 60_000), time(now + 3_600_000)),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, signer?.key ?? privateKey);
  const whole = sequence(content, ecdsaWithSha256, element(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

// Node reads certificates but writes none: the few pieces of DER (X.690) and X.509 (RFC 5280) that it takes.

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, ...parts);
const integer = (value: number): Buffer => element(0x02, Buffer.of(value));
const boolean = (value: boolean): Buffer => element(0x01, Buffer.of(value ? 255 : 0));
const identifier = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));

/** A name of one part, the common name. */
const distinguished = (name: string): Buffer =>
  sequence(element(0x31, sequence(identifier('550403'), element(0x0c, Buffer.from(name)))));

const time = (at: number): Buffer =>
  element(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(identifier(id), ...(critical ? [boolean(true)] : []), element(0x04, value));
