import { operatorAccess, type OperatorAccess } from '#platform/config/operator-access.js';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
type Json = Readonly<Record<string, unknown>>;

/** The API did not do it. The message says why, and what to do. */
export class NotDoneByApi extends Error {}

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null;
}

/** Longer than any route takes. */
const patience = 60_000;
const mostOnPage = 100;

/** The API's routes for operators, as their client over HTTP. */
export class OperatorApi {
  readonly #access: OperatorAccess;

  /** @param given comes before the environment */
  constructor(given: { readonly url?: string; readonly token?: string }, environment?: NodeJS.ProcessEnv) {
    const { url, token } = operatorAccess(environment);
    this.#access = { url: (given.url ?? url).replace(/\/+$/, ''), token: given.token ?? token };
  }

  /** @throws NotDoneByApi */
  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#send<T>('GET', withQuery(path, query));
  }

  /**
   * Goes through the pages of a list.
   * @returns at most so many of its items
   * @throws NotDoneByApi
   */
  async list<T>(path: string, query: Query, most: number): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | undefined; items.length < most;) {
      const limit = Math.min(mostOnPage, most - items.length);
      const page = await this.get<Page<T>>(path, { ...query, limit, cursor });
      items.push(...page.items);
      if (!page.next_cursor) break;
      cursor = page.next_cursor;
    }
    return items;
  }

  /**
   * @param version the one that the operator has seen, if it must still be that
   * @throws NotDoneByApi
   */
  post<T>(path: string, body: Json, version?: number): Promise<T> {
    return this.#send<T>('POST', path, body, version === undefined ? {} : { 'If-Match': `"${version}"` });
  }

  async #send<T>(
    method: string,
    path: string,
    body?: Json,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const { url, token } = this.#access;
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new NotDoneByApi(`"${url}" is no address: set CONTEXTFLOW_URL or --url, such as http://127.0.0.1:8000.`);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          Accept: 'application/json',
          ...(body && { 'Content-Type': 'application/json' }),
          ...(token && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: body && JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      });
      text = await answer.text();
    } catch (error) {
      const { cause, message } = error as Error;
      throw new NotDoneByApi(
        `The API does not answer at ${url}: ${cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : message}. Check CONTEXTFLOW_URL or --url, and that the API runs.`,
        { cause: error },
      );
    }
    const read = parsed(text);
    if (answer.ok) return read as T;
    throw new NotDoneByApi(refusal(answer.status, read, url));
  }
}

function withQuery(path: string, query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Problem {
  readonly detail?: string;
  readonly reason?: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

function refusal(status: number, document: unknown, url: string): string {
  if (status === 401)
    return 'The API wants an access token: set CONTEXTFLOW_TOKEN or --token to one that has not expired.';
  if (status === 403) return 'The access token is not an administrator\'s: it needs the role "admin".';
  const { detail, reason, errors = [] } = (document ?? {}) as Problem;
  if (!detail) return `${url} answers ${status}, and not as ContextFlow does: check CONTEXTFLOW_URL or --url.`;
  const lines = errors.map(({ pointer, message }) => `\n  - ${pointer ? `${pointer}: ` : ''}${message}`);
  return `${detail} (${status}, ${reason})${lines.join('')}`;
}
