import { createTransport, type Transporter } from 'nodemailer';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { htmlBody } from '../rendering/html-body.js';
import { ProviderAway, type Carrier } from '../sending/carrier.js';
import { isOneAddress, oneLine } from './one-address.js';
import { smtpServer } from './smtp-server.js';

export interface SmtpOptions {
  /** `smtp[s]://user:password@host:port` */
  readonly server: string;
  /** One address, with or without a name. */
  readonly from: string;
  /** Where our pages are. */
  readonly publicUrl: string;
  readonly production: boolean;
  /** Milliseconds for a connection, and for each answer of the server. */
  readonly patience: { readonly connect: number; readonly answer: number };
}

/** What a mail server's answer or the lack of one is made into by nodemailer. */
interface SmtpFailure extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly syscall?: string;
  readonly timeoutType?: string;
}

const connections = 10;

/** Mail by SMTP, over a few connections that stay open. The Message-ID is made of the notification's id: copies are told by it. */
export class SmtpCarrier implements Carrier {
  readonly #transport: Transporter;

  constructor(private readonly options: SmtpOptions) {
    const { connect, answer } = options.patience;
    this.#transport = createTransport({
      ...smtpServer(options.server, options.production),
      pool: true,
      maxConnections: connections,
      // Only what came to nothing on a connection that had been idle is sent on another one.
      maxRequeues: 1,
      dnsTimeout: connect,
      connectionTimeout: connect,
      greetingTimeout: connect,
      socketTimeout: answer,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async deliver(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const { notificationId, recipient, title, message: text, listUnsubscribe } = message;
    if (!isOneAddress(recipient)) return { kind: 'refused', error: 'recipient_invalid', permanent: true };
    const messageId = `<${notificationId}@contextflow>`;
    const { from, publicUrl } = this.options;
    try {
      await this.#transport.sendMail({
        from,
        to: { name: '', address: recipient },
        messageId,
        subject: oneLine(title),
        text,
        html: htmlBody(text, publicUrl),
        headers: {
          // So that no holiday notice comes back.
          'Auto-Submitted': 'auto-generated',
          ...(listUnsubscribe && { 'List-Unsubscribe': `<${publicUrl}/notifications/preferences>` }),
        },
        signal,
      });
      return { kind: 'accepted', externalId: messageId };
    } catch (error) {
      return refusal(error as SmtpFailure);
    }
  }

  close(): void {
    this.#transport.close();
  }
}

/** @throws ProviderAway for what is not about this message */
function refusal(failure: SmtpFailure): Delivery {
  const { responseCode, command = '', code } = failure;
  const aboutMessage = /^(MAIL FROM|RCPT TO|DATA)$/.test(command) && responseCode !== 421;
  if (responseCode !== undefined && aboutMessage)
    return { kind: 'refused', error: said(failure), permanent: responseCode >= 500 };
  // Such as an address that the server cannot write, or a message above its limit: nothing was sent.
  if (responseCode === undefined && (code === 'EENVELOPE' || code === 'EMESSAGE'))
    return { kind: 'refused', error: withoutAddresses(failure.message), permanent: true };
  throw new ProviderAway(responseCode === undefined ? what(failure) : said(failure), isUntouched(failure), failure);
}

/** No connection came about, or it ended before a mail was spoken of. */
const isUntouched = ({ code, command, syscall, timeoutType }: SmtpFailure): boolean =>
  syscall === 'connect' ||
  code === 'EDNS' ||
  timeoutType === 'CONNECT_TIMEOUT' ||
  timeoutType === 'GREETING_TIMEOUT' ||
  command === 'EHLO';

const what = ({ code, timeoutType }: SmtpFailure): string =>
  code === 'ETIMEDOUT' || timeoutType !== undefined || code === 'EABORT'
    ? 'timeout'
    : `the connection to the mail server failed (${code ?? 'unknown'})`;

const said = ({ response = '', responseCode }: SmtpFailure): string =>
  withoutAddresses(response) || String(responseCode);

/** Others' words, on one line: they are kept where not everybody may read addresses. */
const withoutAddresses = (words: string): string =>
  oneLine(words)
    .replaceAll(/\S+@\S+/g, '•••')
    .slice(0, 200);
