import { randomUUID } from 'node:crypto';

export type Body = Readonly<Record<string, unknown>>;

/** The API refused something, or did not do it in time; the message says what. */
export class NotDone extends Error {}

const patience = 20_000;
const longestAnswer = 30_000;

/** Somebody with an account of their own, who uses the public API and nothing else. */
export class Person {
  #token = '';

  private constructor(
    private readonly url: string,
    readonly name: string,
    readonly id: string,
  ) {}

  /** Registers somebody new, and signs in. */
  static async joining(url: string, name: string, more: Body = {}): Promise<Person> {
    const [first = ''] = name.toLowerCase().split(' ');
    const mark = randomUUID().slice(0, 8);
    const email = `${first}.${mark}@example.org`;
    const password = `a birth ${randomUUID()}`;
    const nobody = new Person(url, name, '');
    const account = await nobody.post('/auth/register', { email, password, name, ...more });
    const person = new Person(url, name, String(account.id));
    person.#token = String((await nobody.post('/auth/login', { email, password })).access_token);
    return person;
  }

  get firstName(): string {
    return this.name.split(' ')[0] ?? this.name;
  }

  get lastName(): string {
    return this.name.split(' ')[1] ?? '';
  }

  get(path: string): Promise<Body> {
    return this.#send('GET', path);
  }

  /** Resolves once it is done. */
  post(path: string, body?: Body): Promise<Body> {
    return this.#send('POST', path, body);
  }

  put(path: string, body?: Body): Promise<Body> {
    return this.#send('PUT', path, body);
  }

  /** Resolves with what the path shows once it is as wanted: some things follow moments later. */
  async sees(what: string, path: string, wanted: (seen: Body) => boolean): Promise<Body> {
    const end = Date.now() + patience;
    for (;;) {
      const seen = await this.get(path).catch((error: Error) => error);
      if (!(seen instanceof Error) && wanted(seen)) return seen;
      if (Date.now() > end)
        throw new NotDone(`${what} did not come about within ${patience / 1_000} s: ${JSON.stringify(seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #send(method: string, path: string, body?: Body): Promise<Body> {
    const { answer, text } = await answered(`${this.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        prefer: 'wait=20',
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok || answer.status === 202)
      throw new NotDone(`${this.name || 'nobody'}: ${method} ${path} was answered ${answer.status}: ${text}`);
    return (text ? JSON.parse(text) : {}) as Body;
  }
}

interface Answered {
  readonly answer: Response;
  readonly text: string;
}

/**
 * The whole answer.
 * @throws NotDone if it takes longer
 */
export async function answered(url: string, request: RequestInit, milliseconds = longestAnswer): Promise<Answered> {
  try {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(milliseconds) });
    return { answer, text: await answer.text() };
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error;
    throw new NotDone(`${request.method ?? 'GET'} ${url} was not answered within ${milliseconds / 1_000} s`, {
      cause: error,
    });
  }
}
