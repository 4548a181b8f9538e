import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** A mail as it came over the wire. */
export interface TakenMail {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly source: string;
  /** By name in lower case, unfolded and decoded. */
  readonly headers: ReadonlyMap<string, string>;
  /** With line feeds alone. */
  readonly text: string;
  readonly html: string;
}

/**
 * What is done with mail to an address: refused when it is named or when the message is there, left without an answer once
 * the message is there, or kept without an answer, since the connection ends before (`drop`) or right after it.
 */
export type MailBehaviour =
  { readonly at: 'recipient' | 'message'; readonly code: number } | 'hang' | 'drop' | 'drop_after_answer';

type Callback = (error?: Error | null) => void;

const refused = (code: number): Error =>
  Object.assign(new Error(code < 500 ? 'try again later' : 'no such mailbox'), { responseCode: code });

/** A mail server on a port of 127.0.0.1 that speaks SMTP, keeps what it gets, and misbehaves as it is told. */
export class MailServer {
  readonly mails: TakenMail[] = [];
  /** How many messages came, those included that were refused. */
  attempts = 0;
  connections = 0;
  /** How many of them were secured. */
  secured = 0;
  readonly #behaviours = new Map<string, MailBehaviour>();
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
  ) {
    server.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(
    options: { user?: string; password?: string; tls?: boolean; port?: number } = {},
  ): Promise<MailServer> {
    const { user, password, tls = false, port = 0 } = options;
    let self: MailServer | undefined;
    const smtp = new SMTPServer({
      logger: false,
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(user === undefined ? ['AUTH'] : [])],
      authOptional: user === undefined,
      allowInsecureAuth: true,
      onAuth: (auth, _, done) =>
        auth.username === user && auth.password === password ? done(null, { user }) : done(new Error('wrong')),
      onConnect: (_, done) => {
        if (self) self.connections++;
        done();
      },
      onSecure: (_, __, done) => {
        if (self) self.secured++;
        done();
      },
      onRcptTo: ({ address }, _, done) => self?.recipient(address, done),
      onData: (stream, session, done) => void self?.message(stream, session, done),
    });
    // Connections that end before their time are what it is for.
    smtp.on('error', () => undefined);
    smtp.listen(port, '127.0.0.1');
    await once(smtp.server, 'listening');
    self = new MailServer(smtp, (smtp.server.address() as AddressInfo).port);
    return self;
  }

  /** What workers are started with to send by it. */
  get settings(): Readonly<Record<string, string>> {
    return { SMTP_URL: `smtp://127.0.0.1:${this.port}`, MAIL_FROM: 'ContextFlow <no-reply@contextflow.example>' };
  }

  /** From now on this is done with mail to that address, or with all that has nothing of its own. */
  behave(behaviour: MailBehaviour | undefined, address = '*'): void {
    if (behaviour) this.#behaviours.set(address, behaviour);
    else this.#behaviours.delete(address);
  }

  mailsTo(address: string): TakenMail[] {
    return this.mails.filter(({ recipients }) => recipients.includes(address));
  }

  /** Ends all connections as they are. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.hangUp();
    await closed;
  }

  private recipient(address: string, done: Callback): void {
    const behaviour = this.#behaviourTo(address);
    if (typeof behaviour === 'object' && behaviour.at === 'recipient') done(refused(behaviour.code));
    else done();
  }

  private async message(stream: SMTPServerDataStream, session: SMTPServerSession, done: Callback): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    this.attempts++;
    const { mailFrom, rcptTo } = session.envelope;
    const recipients = rcptTo.map(({ address }) => address);
    const behaviour = recipients.map((address) => this.#behaviourTo(address)).find(Boolean);
    if (behaviour === 'hang') return;
    if (typeof behaviour === 'object') return done(refused(behaviour.code));
    const from = mailFrom ? mailFrom.address : '';
    this.mails.push(readMail(from, recipients, Buffer.concat(chunks).toString('utf8')));
    if (behaviour === 'drop') return this.#end(session.remotePort);
    done();
    if (behaviour === 'drop_after_answer') setImmediate(() => this.#end(session.remotePort));
  }

  #behaviourTo(address: string): MailBehaviour | undefined {
    return this.#behaviours.get(address) ?? this.#behaviours.get('*');
  }

  #end(port: number): void {
    for (const socket of this.#sockets) if (socket.remotePort === port) socket.destroy();
  }
}

function readMail(from: string, recipients: readonly string[], source: string): TakenMail {
  const { headers, parts } = readPart(source);
  const body = (type: string): string =>
    (parts.find((part) => part.type === type)?.body ?? '').replaceAll('\r\n', '\n');
  return { from, recipients, source, headers, text: body('text/plain'), html: body('text/html') };
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly parts: readonly { readonly type: string; readonly body: string }[];
}

/** As much of MIME as the mails have: parts side by side, encoded as quoted-printable, Base64 or not at all. */
function readPart(source: string): Part {
  const end = source.indexOf('\r\n\r\n');
  const lines = source
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim())];
    }),
  );
  const body = source.slice(end + 4);
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="([^"]+)"/.exec(type)?.[1];
  if (boundary === undefined)
    return { headers, parts: [{ type: type.split(';')[0] as string, body: decoded(body, headers) }] };
  const inner = body.split(`--${boundary}`).slice(1, -1);
  return { headers, parts: inner.flatMap((part) => readPart(part.replace(/^\r\n/, '').replace(/\r\n$/, '')).parts) };
}

function decoded(body: string, headers: ReadonlyMap<string, string>): string {
  const encoding = headers.get('content-transfer-encoding');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? unquoted(body.replaceAll('=\r\n', '')) : body;
}

const unquoted = (text: string): string =>
  Buffer.from(
    Buffer.from(text, 'utf8')
      .toString('latin1')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** RFC 2047. */
const decodedWords = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString('utf8') : unquoted(word.replaceAll('_', ' ')),
    );
