import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { ProviderAway, type Carrier } from '../sending/carrier.js';

/** Where an account is known. */
export interface TwilioAccount {
  /** The base of the API. */
  readonly url: string;
  readonly account: string;
  readonly token: string;
}

/** What a message is posted as, its `StatusCallback` included. */
export type TwilioForm = (message: OutgoingMessage) => Readonly<Record<string, string>>;

/** A number or name that messages come from, or the id of a messaging service, which chooses one. */
export const sender = (from: string, prefix = ''): Readonly<Record<string, string>> =>
  /^MG[0-9a-f]{32}$/.test(from) ? { MessagingServiceSid: from } : { From: `${prefix}${from}` };

/** Where the provider reports what becomes of a message. */
export const callback = (publicUrl: string, { notificationId }: OutgoingMessage): string =>
  `${publicUrl}/api/v1/notifications/webhooks/twilio?notification=${notificationId}`;

interface TwilioAnswer {
  readonly sid?: unknown;
  readonly code?: unknown;
}

/** Out of order, too busy, or wrongly set up: what says nothing of one message. */
const aboutAll = new Set([401, 403, 404, 408, 429]);

/** Messages by Twilio's API, which reports to the webhook what becomes of them. */
export class TwilioCarrier implements Carrier {
  constructor(
    private readonly options: TwilioAccount,
    private readonly form: TwilioForm,
  ) {}

  async deliver(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const { status, answer } = await this.#post(new URLSearchParams(this.form(message)), signal);
    if (status < 300) {
      if (typeof answer.sid !== 'string') throw new ProviderAway('the provider gave the message no id', false);
      return { kind: 'accepted', externalId: answer.sid };
    }
    const error = `the provider answered ${status}${typeof answer.code === 'number' ? ` (${answer.code})` : ''}`;
    if (status >= 500 || aboutAll.has(status)) throw new ProviderAway(error, false);
    return { kind: 'refused', error, permanent: true };
  }

  async #post(body: URLSearchParams, signal: AbortSignal): Promise<{ status: number; answer: TwilioAnswer }> {
    const { url, account, token } = this.options;
    const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
    try {
      const response = await fetch(`${url.replace(/\/$/, '')}/2010-04-01/Accounts/${account}/Messages.json`, {
        method: 'POST',
        headers: { authorization, accept: 'application/json' },
        body,
        // The credentials are for this host alone.
        redirect: 'error',
        signal,
      });
      const text = await response.text();
      return { status: response.status, answer: jsonOf(text) };
    } catch (error) {
      const { code, syscall } = ((error as Error).cause ?? {}) as { code?: string; syscall?: string };
      const untouched = syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT';
      throw new ProviderAway(signal.aborted ? 'timeout' : 'the provider could not be reached', untouched, error);
    }
  }
}

function jsonOf(text: string): TwilioAnswer {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}
