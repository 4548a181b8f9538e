export type TaskPriority = 'low' | 'medium' | 'high' | 'urgent';

export interface NewTask {
  readonly title: string;
  readonly description?: string;
  readonly priority: TaskPriority;
  readonly due_date?: string;
}

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly priority: string;
  readonly due_date?: string | null;
}

export interface Accepted {
  readonly command_id: string;
  readonly resource_id: string;
}

export interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly reason?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly detail?: string; readonly reason?: string }[];
}

export interface CommandState {
  readonly command_id: string;
  readonly status: string;
  readonly problem?: Problem | null;
}

export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** The API refused one request; other requests may still succeed. */
export class RequestRefused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(describe(problem) || `the API answered ${status}`);
  }
}

/** No further request makes sense; the message says what to do first. */
export class ImportImpossible extends Error {}

const REQUEST_TIMEOUT = 10_000;
const FIRST_BACK_OFF = 250;
const LONGEST_BACK_OFF = 5_000;
const BUSY = [429, 502, 503, 504];

export class TasksApi {
  private readonly deadline: number;
  private hasAnswered = false;

  constructor(
    private readonly url: string,
    private readonly token: string,
    timeLimit: number,
    private readonly clock: Clock = systemClock,
  ) {
    this.deadline = clock.now() + timeLimit;
  }

  /** Milliseconds in which a request may still be sent again. */
  get timeLeft(): number {
    return Math.max(0, this.deadline - this.clock.now());
  }

  create(task: NewTask, key: string): Promise<Accepted> {
    return this.command('/tasks', key, task);
  }

  complete(taskId: string, key: string): Promise<Accepted> {
    return this.command(`/tasks/${encodeURIComponent(taskId)}/complete`, key);
  }

  async commandState(commandId: string): Promise<CommandState> {
    const state = await this.request<CommandState>('GET', `/commands/${encodeURIComponent(commandId)}`);
    return expectShape(state, typeof state.status === 'string', this.url);
  }

  async allTasks(): Promise<Task[]> {
    const tasks: Task[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: '100', ...(cursor !== null && { cursor }) });
      const page: TaskPage = await this.request<TaskPage>('GET', `/tasks?${query.toString()}`);
      tasks.push(...expectShape(page, Array.isArray(page.items), this.url).items);
      cursor = page.next_cursor ?? null;
    } while (cursor !== null);
    return tasks;
  }

  private async command(path: string, key: string, body?: NewTask): Promise<Accepted> {
    const accepted = await this.request<Accepted>('POST', path, { key, body });
    const complete = typeof accepted.command_id === 'string' && typeof accepted.resource_id === 'string';
    return expectShape(accepted, complete, this.url);
  }

  /** Sends until it is answered, not `busy`, or out of time. Safe to repeat: a GET, or the same key every time. */
  private async request<Answer>(method: string, path: string, command?: SentCommand): Promise<Answer> {
    for (let backOff = FIRST_BACK_OFF; ; backOff = Math.min(backOff * 2, LONGEST_BACK_OFF)) {
      const answer = await this.attempt(method, path, command);
      if (answer instanceof Response && !BUSY.includes(answer.status)) return this.read<Answer>(answer);

      const wait = Math.max(retryAfter(answer, this.clock.now()) ?? backOff, FIRST_BACK_OFF);
      if (wait >= this.timeLeft) {
        if (answer instanceof Response) throw new RequestRefused(answer.status, await problemOf(answer));
        throw new RequestRefused(0, { detail: `the API can't be reached (${answer.message})` });
      }
      if (answer instanceof Response) await answer.body?.cancel();
      await this.clock.pause(wait);
    }
  }

  private async attempt(method: string, path: string, command?: SentCommand): Promise<Response | Error> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${this.token}`,
          ...(command && { 'idempotency-key': command.key }),
          ...(command?.body && { 'content-type': 'application/json' }),
        },
        body: command?.body && JSON.stringify(command.body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      });
      this.hasAnswered = true;
      return response;
    } catch (error) {
      const cause = causeOf(error);
      if (this.hasAnswered) return cause;
      throw new ImportImpossible(
        `Nothing answers at ${this.url} (${cause.message}). Is the API running, and is --url the one it listens on?`,
      );
    }
  }

  private async read<Answer>(response: Response): Promise<Answer> {
    if (response.ok) {
      const body = (await response.json().catch(() => undefined)) as Answer | null | undefined;
      return expectShape(body, typeof body === 'object' && body !== null, this.url) as Answer;
    }
    const problem = await problemOf(response);
    if (response.status === 401 || response.status === 403) {
      throw new ImportImpossible(
        `The API refused the token (${response.status}: ${describe(problem) || 'no reason given'}). ` +
          `Get a fresh one and run the same import again: nothing is imported twice.`,
      );
    }
    throw new RequestRefused(response.status, problem);
  }
}

/** One line for a person: the detail, else the title, and what is wrong field by field. */
export function describe({ title, detail, reason, errors }: Problem): string {
  const fields = (errors ?? []).map((error) => [error.pointer, error.detail ?? error.reason].filter(Boolean).join(' '));
  return [detail ?? title ?? reason, fields.join('; ')].filter(Boolean).join(': ');
}

interface SentCommand {
  readonly key: string;
  readonly body?: NewTask;
}

interface TaskPage {
  readonly items: readonly Task[];
  readonly next_cursor?: string | null;
}

function expectShape<Answer>(answer: Answer, isRight: boolean, url: string): Answer {
  if (isRight) return answer;
  throw new ImportImpossible(`${url} doesn't answer like ContextFlow's API. Does --url end in its prefix, /api/v1?`);
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null ? body : {};
}

function retryAfter(answer: Response | Error, now: number): number | undefined {
  const value = answer instanceof Response ? answer.headers.get('retry-after')?.trim() : undefined;
  if (!value) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function causeOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { cause } = error;
  if (!(cause instanceof Error)) return error;
  return cause.message ? cause : new Error('code' in cause ? String(cause.code) : cause.name);
}
