/** What the API says is wrong (RFC 9457). */
export interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly reason?: string;
  readonly code?: string;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body & Problem;
  /** Position of what was done, for queries that follow. */
  readonly token: string | undefined;
}

/** What became of one event of a batch. */
export interface BatchItem {
  readonly index: number;
  readonly status: string;
  readonly problem?: Problem;
}

export interface Report {
  readonly items: readonly { readonly key: string; readonly attributed_value: string }[];
  readonly totals: {
    readonly conversions: number;
    readonly unattributed_conversions: number;
    readonly attributed_value: string;
    readonly unattributed_value: string;
  };
}

export interface Performance {
  readonly totals: { readonly clicks: number; readonly views: number; readonly engagements: number };
}

export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** No further request makes sense; the message says what to do first. */
export class ImportImpossible extends Error {}

const requestTimeout = 40_000;
const firstPause = 250;
const longestPause = 5_000;
const busy = [429, 502, 503, 504];

/** Sends requests, and sends them again while the API is busy or away: each is safe to repeat. */
export class Api {
  readonly #until: number;

  constructor(
    private readonly url: string,
    private readonly token: string,
    timeLimit: number,
    private readonly clock: Clock = systemClock,
  ) {
    this.#until = clock.now() + timeLimit;
  }

  /** Milliseconds in which something may still be sent. */
  get timeLeft(): number {
    return Math.max(0, this.#until - this.clock.now());
  }

  get<Body>(path: string, query: Readonly<Record<string, string>>): Promise<Answer<Body>> {
    return this.#send<Body>('GET', `${path}?${new URLSearchParams(query).toString()}`);
  }

  /** @param key the same for the same content, so that however often it is sent, it is done once */
  post<Body>(path: string, key: string, body: object): Promise<Answer<Body>> {
    return this.#send<Body>('POST', path, { key, text: JSON.stringify(body) });
  }

  async #send<Body>(method: string, path: string, sent?: { key: string; text: string }): Promise<Answer<Body>> {
    for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
      const answer = await this.#attempt<Body>(method, path, sent);
      const waits = answer instanceof Error || busy.includes(answer.status);
      if (!waits) return accepted(answer);
      const wanted = answer instanceof Error ? pause : Math.max(pause, answer.retryAfter);
      if (wanted >= this.timeLeft)
        throw new ImportImpossible(
          `${this.url} does not take ${method} ${path} in time (${answer instanceof Error ? answer.message : answer.status}). ` +
            'Run the same import again later: nothing is counted twice.',
        );
      await this.clock.pause(wanted);
    }
  }

  async #attempt<Body>(
    method: string,
    path: string,
    sent?: { key: string; text: string },
  ): Promise<(Answer<Body> & { retryAfter: number }) | Error> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(sent && { 'content-type': 'application/json', 'idempotency-key': sent.key, prefer: 'wait=30' }),
        },
        body: sent?.text,
        signal: AbortSignal.timeout(requestTimeout),
      });
      const body = (await response.json().catch(() => ({}))) as Body & Problem;
      const token = response.headers.get('consistency-token') ?? undefined;
      return {
        status: response.status,
        body,
        token,
        retryAfter: 1_000 * Number(response.headers.get('retry-after')) || 0,
      };
    } catch (error) {
      return error as Error;
    }
  }
}

function accepted<Body>(answer: Answer<Body>): Answer<Body> {
  const { status, body } = answer;
  if (status === 401 || status === 403)
    throw new ImportImpossible(
      `The API refused the token (${status}: ${describe(body)}). It needs the role admin, or service and analyst; ` +
        'get a fresh one and run the same import again: nothing is counted twice.',
    );
  return answer;
}

export const describe = ({ detail, title, reason }: Problem): string => detail ?? title ?? reason ?? 'no reason given';
