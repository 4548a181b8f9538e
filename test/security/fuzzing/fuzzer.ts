import fc from 'fast-check';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import type { HttpAnswer } from '#testing/http-client.js';

import { concretePath, type ApiDocument, type Operation } from '../api-document.js';
import type { Target } from '../target.js';
import { AnswerCheck } from './answer-check.js';
import { Requests, type Caller, type FuzzedRequest } from './requests.js';

export interface FuzzOptions {
  readonly seed: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Requests that are under way at the same time, at most. */
  readonly together: number;
}

/** Sends the API all kinds of requests, and holds every answer against its document. */
export class Fuzzer {
  /** How many answers there were of each status. */
  readonly statuses = new Map<number, number>();
  readonly #check: AnswerCheck;
  readonly #requests: Requests;
  readonly #callers: Readonly<Record<Caller, Client>>;
  /** Ids that may stand in a path, by the name of the parameter. */
  readonly #known: Readonly<Record<string, string[]>>;

  constructor(
    private readonly target: Target,
    private readonly document: ApiDocument,
    /** Somebody's account. */
    stranger: string,
  ) {
    const { lab, owner, taskId, categoryId } = target;
    this.#check = new AnswerCheck(document);
    this.#requests = new Requests(document, [taskId, categoryId]);
    this.#callers = {
      owner,
      stranger: lab.client(newId()),
      admin: lab.client(newId(), { roles: ['user', 'admin'] }),
      nobody: owner,
      forger: owner,
    };
    this.#known = {
      task_id: [taskId],
      category_id: [categoryId],
      command_id: [newId()],
      // Not the owner: who deletes himself asks for nothing more.
      user_id: [stranger],
      client_id: [newId()],
      session_id: [newId()],
      role: ['analyst', 'admin', 'user', 'king'],
      notification_id: [target.idOf('notification_id')],
      template_id: [target.idOf('template_id')],
      conversion_id: [target.idOf('conversion_id')],
      visitor_id: [target.idOf('visitor_id'), '%C3%A4'],
      name: [target.idOf('name'), 'nothing'],
      channel: [target.idOf('channel'), 'in_app', 'pigeon'],
    };
  }

  /** @throws Error with the fewest and smallest requests found that were answered wrongly, and how to see it again */
  async run({ seed, duration, together }: FuzzOptions): Promise<void> {
    const some = fc.array(this.#requests.any(), { minLength: 1, maxLength: together, size: 'max' });
    await fc.assert(
      fc.asyncProperty(some, async (requests) => {
        const answered = await Promise.all(requests.map((request) => this.#answered(request)));
        const faults = answered.flat();
        if (faults.length > 0) throw new Error(faults.join('\n'));
      }),
      {
        seed,
        numRuns: 1_000_000,
        interruptAfterTimeLimit: duration,
        markInterruptAsFailure: false,
        reporter: ({ failed, errorInstance }) => {
          if (failed) throw new Error(`SEED=${seed}: ${(errorInstance as Error).message}`, { cause: errorInstance });
        },
      },
    );
  }

  /** One sentence for each thing that is wrong with the answer. */
  async #answered(request: FuzzedRequest): Promise<string[]> {
    const operation = this.document.named(request.operation);
    const answer = await this.#send(operation, request);
    if (answer.headers['content-type']?.startsWith('application/problem')) this.target.expectDiscreet(answer.text);
    const faults = this.#check.faults(operation, answer);
    if (faults.length === 0) return [];
    return [...faults, `asked: ${JSON.stringify(request).slice(0, 500)}`, `answered: ${answer.text.slice(0, 500)}`];
  }

  async #send(operation: Operation, { caller, ids, query, headers, body }: FuzzedRequest): Promise<HttpAnswer> {
    const path = concretePath(operation, (name) => this.#idOf(name, ids[name] as FuzzedRequest['ids'][string]));
    const search = query.length === 0 ? '' : `?${new URLSearchParams([...query]).toString()}`;
    const request = { method: operation.method, path: `${path}${search}`, headers, body };
    const client = this.#callers[caller];
    const answer = await (caller === 'nobody'
      ? client.http.send(request)
      : client.send(
          caller === 'forger' ? { ...request, headers: { ...headers, authorization: 'Bearer forged' } } : request,
        ));
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    this.#remember(operation.path, answer);
    return answer;
  }

  #idOf(name: string, id: FuzzedRequest['ids'][string]): string {
    if ('known' in id) {
      const known = this.#known[name] ?? [];
      return known[id.known % known.length] ?? newId();
    }
    // Escapes that mean nothing and dots must reach the API as they are; Node's client sends nothing else unescaped.
    return /^(?:%\w*|\.+)$/.test(id.text) ? id.text : encodeURIComponent(id.text.toWellFormed());
  }

  /** Later requests may mean what this one has made. */
  #remember(path: string, { body }: HttpAnswer): void {
    const { command_id: command, resource_id: resource, id } = (body ?? {}) as Readonly<Record<string, unknown>>;
    const below = this.document.operations.filter((operation) => operation.path.startsWith(`${path}/{`));
    const [parameter] = below.flatMap(
      (operation) => /^\/\{(\w+)\}$/.exec(operation.path.slice(path.length))?.[1] ?? [],
    );
    this.#keep('command_id', command);
    if (parameter !== undefined) this.#keep(parameter, resource ?? id);
  }

  #keep(name: string, id: unknown): void {
    const known = this.#known[name];
    if (typeof id !== 'string' || !known || known.includes(id)) return;
    known.push(id);
    if (known.length > 50) known.splice(1, 1);
  }
}
