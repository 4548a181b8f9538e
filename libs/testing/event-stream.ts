import { request, type ClientRequest, type IncomingMessage } from 'node:http';

import { eventually, type Patience } from './eventually.js';

/** An event as a client of a stream gets it. */
export interface StreamEvent {
  readonly event: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads server-sent events as browsers do (WHATWG HTML, 9.2.6), as far as a server of ours uses them. */
export class EventParser {
  readonly events: StreamEvent[] = [];
  /** The id to come back with. */
  lastId = '';
  retry: number | undefined;
  comments = 0;
  #rest = '';

  read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() as string;
    for (const block of blocks) this.#dispatch(block);
  }

  #dispatch(block: string): void {
    let event = 'message';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) as unknown as [string, string, string];
      if (name === '') this.comments++;
      else if (name === 'event') event = value;
      else if (name === 'data') data.push(value);
      else if (name === 'id') this.lastId = value;
      else if (name === 'retry') this.retry = Number(value);
      else throw new Error(`a stream says ${line}`);
    }
    if (data.length > 0)
      this.events.push({ event, id: this.lastId, data: JSON.parse(data.join('\n')) as StreamEvent['data'] });
  }
}

/** A client of `GET /api/v1/realtime`. */
export class EventStream extends EventParser {
  #ended = false;

  private constructor(
    readonly status: number,
    readonly response: IncomingMessage,
    private readonly outgoing: ClientRequest,
  ) {
    super();
    // Whoever cuts the connection is an end like any other.
    for (const end of ['end', 'error', 'close']) response.on(end, () => (this.#ended = true));
  }

  /** @param options.reads a client that does not read stays open until it is dropped */
  static open(
    port: number,
    authorization: string,
    { lastId, reads = true }: { readonly lastId?: string; readonly reads?: boolean } = {},
  ): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: '127.0.0.1',
        port,
        path: '/api/v1/realtime',
        agent: false,
        headers: {
          authorization,
          accept: 'text/event-stream',
          ...(lastId !== undefined && { 'last-event-id': lastId }),
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const stream = new EventStream(response.statusCode ?? 0, response, outgoing);
        if (reads && stream.status === 200)
          response.setEncoding('utf8').on('data', (text: string) => stream.read(text));
        resolve(stream);
      });
      outgoing.end();
    });
  }

  /** The server has ended it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves with what was told of that name and of those fields. */
  next(event: string, fields: StreamEvent['data'] = {}, patience?: Patience): Promise<StreamEvent> {
    return eventually(
      `the stream tells ${event} ${JSON.stringify(fields)}`,
      () =>
        this.events.find(
          (one) => one.event === event && Object.entries(fields).every(([name, value]) => one.data[name] === value),
        ),
      { every: 10, ...patience },
    );
  }

  close(): void {
    this.outgoing.destroy();
  }
}
