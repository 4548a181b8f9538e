import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { ProviderAway, type Carrier } from '../sending/carrier.js';
import type { ServiceAccount } from './service-account.js';

interface FcmAnswer {
  readonly name?: unknown;
  readonly error?: { readonly status?: unknown };
}

/** Wrongly set up, too busy or out of order: what says nothing of one message. A device that is gone is 404. */
const aboutAll = new Set([401, 403, 408, 429]);

/**
 * Push messages by Firebase Cloud Messaging, each to one device by its registration token.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send
 */
export class FcmCarrier implements Carrier {
  constructor(
    private readonly url: string,
    private readonly account: ServiceAccount,
  ) {}

  async deliver(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const token = await this.account.token(signal);
    const { status, answer } = await this.#post(message, token, signal);
    if (status < 300) {
      if (typeof answer.name !== 'string') throw new ProviderAway('the provider gave the message no id', false);
      return { kind: 'accepted', externalId: answer.name };
    }
    if (status === 401) this.account.forget();
    const why = answer.error?.status;
    const error = `the provider answered ${status}${typeof why === 'string' ? ` (${why})` : ''}`;
    if (status >= 500 || aboutAll.has(status)) throw new ProviderAway(error, false);
    return { kind: 'refused', error, permanent: true };
  }

  async #post(
    { notificationId, recipient, title, message }: OutgoingMessage,
    token: string,
    signal: AbortSignal,
  ): Promise<{ status: number; answer: FcmAnswer }> {
    const notification = { title, body: message };
    const body = { message: { token: recipient, notification, data: { notification_id: notificationId } } };
    try {
      const response = await fetch(`${this.url}/v1/projects/${this.account.projectId}/messages:send`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        // The token is for this host alone.
        redirect: 'error',
        signal,
      });
      return { status: response.status, answer: await jsonOf(response) };
    } catch (error) {
      throw new ProviderAway(signal.aborted ? 'timeout' : 'the provider could not be reached', false, error);
    }
  }
}

async function jsonOf(response: Response): Promise<FcmAnswer> {
  try {
    const answer: unknown = JSON.parse(await response.text());
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
