import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

import { Caller, waiting, type Answer } from './caller.js';
import { rawExchange, rawRequest, type RawAnswer } from './raw-http.js';

const ourPage = 'https://app.example.org';
const kibibytes = (count: number): string => 'x'.repeat(count * 1024);

let lab: Lab;
let api: AppProcess;
let worker: AppProcess;
let ann: Caller;
let bob: Caller;

beforeAll(async () => {
  lab = await Lab.open();
  [api, worker] = await Promise.all([
    lab.api({ CORS_ORIGINS: `${ourPage},https://admin.example.org`, LOG_LEVEL: 'info' }),
    lab.worker({ LOG_LEVEL: 'info' }),
  ]);
  ann = new Caller(api, newId());
  bob = new Caller(api, newId());
});
afterAll(async () => {
  ann?.close();
  bob?.close();
  await lab?.close();
});

const raw = (line: string, headers?: Record<string, string>, body?: string): Promise<RawAnswer> =>
  rawExchange(api.port, rawRequest(line, headers, body));
const json = { 'content-type': 'application/json' };

describe('The version of a task', () => {
  it('lets a command through that was decided on it', async () => {
    const { path, tag } = await ann.task();
    const started = await ann.post(`${path}/start`, undefined, { 'if-match': tag, ...waiting(10) });
    expect([started.status, started.headers.etag]).toEqual([200, '"2"']);
    const changed = await ann.patch(path, { title: 'Pack both' }, { 'if-match': '"2"', ...waiting(10) });
    expect([changed.status, changed.headers.etag]).toEqual([200, '"3"']);
  });

  it('keeps out a command that was decided on another', async () => {
    const { path, tag } = await ann.task();
    await ann.post(`${path}/start`, undefined, waiting(10));
    const late = await ann.post(`${path}/complete`, undefined, { 'if-match': tag, ...waiting(10) });
    expect(late).toMatchObject({ status: 412, body: { code: 'VERSION_CONFLICT', reason: 'version_conflict' } });
    const { body } = await ann.delete(path, { 'if-match': '"9"' });
    expect(await ann.settled(body.command_id)).toMatchObject({ status: 'rejected', problem: { status: 412 } });
    expect((await ann.get(path)).body).toMatchObject({ status: 'in_progress', version: 2 });
  });

  it('is not told to whoever may not know of the task', async () => {
    const { path } = await ann.task();
    for (const tag of ['"1"', '"2"'])
      expect(await bob.delete(path, { 'if-match': tag, ...waiting(10) })).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
  });

  it('may be any', async () => {
    const { path } = await ann.task();
    expect((await ann.post(`${path}/start`, undefined, { 'if-match': '*', ...waiting(10) })).status).toBe(200);
  });

  it.each(['1', 'W/"1"', '"1", "2"', '"one"'])('is refused when it is written as %s', async (tag) => {
    expect(await ann.post('/tasks', { title: 'No' }, { 'if-match': tag })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', reason: 'if_match_invalid' },
    });
  });

  it('spares whoever has it already the answer', async () => {
    const { path, tag } = await ann.task();
    for (const known of [tag, `W/${tag}`, `"7", ${tag}`, '*']) {
      const { status, headers, text } = await ann.get(path, { 'if-none-match': known });
      expect({ known, status, text, tag: headers.etag }).toEqual({ known, status: 304, text: '', tag });
    }
    expect(await ann.get(path, { 'if-none-match': '"7"' })).toMatchObject({ status: 200, body: { version: 1 } });
    await ann.post(`${path}/start`, undefined, waiting(10));
    expect(await ann.get(path, { 'if-none-match': tag })).toMatchObject({ status: 200, body: { version: 2 } });
  });

  it('is no secret passed around: caches ask again', async () => {
    const { path } = await ann.task();
    expect((await ann.get(path)).headers['cache-control']).toBe('private, no-cache');
    expect((await ann.get('/tasks')).headers['cache-control']).toBe('no-store');
  });
});

describe('A deadline', () => {
  it('that is far off changes nothing', async () => {
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const { status } = await ann.post('/tasks', { title: 'In time' }, { 'command-deadline': deadline, ...waiting(10) });
    expect(status).toBe(201);
  });

  it('that has passed rejects the command', async () => {
    const headers = { 'command-deadline': '2020-01-01T00:00:00Z', ...waiting(10) };
    const { status, body } = await ann.post('/tasks', { title: 'Too late' }, headers);
    expect([status, body.reason]).toEqual([400, 'deadline_exceeded']);
    expect(body.command_id).toEqual(expect.any(String));
  });

  it.each(['tomorrow', '2030-01-31', '2030-01-31T12:00:00', '2030-02-30T12:00:00Z'])(
    'is refused when it is %s',
    async (deadline) => {
      expect(await ann.post('/tasks', { title: 'No' }, { 'command-deadline': deadline })).toMatchObject({
        status: 400,
        body: { reason: 'command_deadline_invalid' },
      });
    },
  );
});

describe('A list', () => {
  let reader: Caller;
  const priorities = ['low', 'urgent', 'medium', 'high', 'low', 'urgent', 'medium'];

  beforeAll(async () => {
    reader = new Caller(api, newId());
    await Promise.all(priorities.map((priority, n) => reader.task({ title: `Task ${n}`, priority })));
    const { path } = await reader.task({ title: 'Done', priority: 'high' });
    await reader.post(`${path}/complete`, undefined, waiting(10));
  });
  afterAll(() => reader?.close());

  interface Page {
    readonly items: readonly { readonly priority: string; readonly title: string }[];
    readonly next_cursor: string | null;
  }
  const page = async (query: string): Promise<Page> => (await reader.get(`/tasks?${query}`)).body as unknown as Page;

  it('is read page by page, sorted and filtered', async () => {
    const seen: Page['items'][number][] = [];
    const lengths: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const { items, next_cursor } = await page(`sort=-priority&status=pending&limit=3${next}`);
      lengths.push(items.length);
      seen.push(...items);
      cursor = next_cursor;
    }
    expect(lengths).toEqual([3, 3, 1]);
    expect(seen.map(({ priority }) => priority).join()).toBe('urgent,urgent,high,medium,medium,low,low');
    expect(new Set(seen.map(({ title }) => title)).size).toBe(7);
  });

  it('may be filtered by several values of one field', async () => {
    const { items } = await page('status=completed&status=cancelled&priority=high');
    expect(items.map(({ title }) => title)).toEqual(['Done']);
  });

  it('tells how many there are when that is asked', async () => {
    const { body } = await reader.get('/tasks?limit=1&include=total&status=pending');
    expect(body).toMatchObject({ total: 7, items: [{}], next_cursor: expect.any(String) });
    expect((await reader.get('/tasks?limit=1')).body).not.toHaveProperty('total');
  });

  it('takes no cursor that another sort, another filter or another reader was given', async () => {
    const { next_cursor: cursor } = await page('sort=priority&limit=2');
    const used = `cursor=${encodeURIComponent(String(cursor))}`;
    expect((await reader.get(`/tasks?sort=priority&limit=5&${used}`)).status).toBe(200);
    const misused = [
      await reader.get(`/tasks?sort=-priority&${used}`),
      await reader.get(`/tasks?${used}`),
      await reader.get(`/tasks?sort=priority&status=pending&${used}`),
      await ann.get(`/tasks?sort=priority&${used}`),
      await reader.get('/tasks?cursor=made-up'),
    ];
    for (const { status, body } of misused) expect([status, body.reason]).toEqual([400, 'cursor_invalid']);
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=ten', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['sort=title', '/sort'],
    ['colour=red', '/colour'],
    ['status=lost', '/status'],
    ['include=everything', '/include'],
    ['q=%00', '/q'],
  ])('is refused for %s', async (query, pointer) => {
    const { status, body } = await reader.get(`/tasks?${query}`);
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(new Set((body.errors as { pointer: string }[]).map((error) => error.pointer))).toEqual(new Set([pointer]));
  });
});

describe('A problem', () => {
  const wellFormed = ({ status, headers, body }: Pick<Answer, 'status' | 'headers'> & { body?: unknown }): unknown => {
    const { title, code, reason, detail, error } = body as Record<string, string>;
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({ status, type: `/problems/${reason}`, detail: error });
    for (const text of [title, detail, code, reason]) expect(text).toEqual(expect.stringMatching(/./));
    return [status, code, reason];
  };
  const traced = ({ headers, body }: Pick<Answer, 'headers'> & { body?: unknown }): void => {
    expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toMatchObject({ correlation_id: headers['x-correlation-id'] });
  };

  const withToken = async (line: string, headers: Record<string, string> = {}, body = ''): Promise<RawAnswer> =>
    raw(line, { authorization: ann.authorization, ...headers }, body);
  const post = 'POST /api/v1/tasks';
  const length = (body: string): Record<string, string> => ({ 'content-length': String(Buffer.byteLength(body)) });

  it.each<[string, () => Promise<RawAnswer>, number, string, string]>([
    ['an unknown path', () => raw('GET /api/v1/nothing'), 404, 'NOT_FOUND', 'route_not_found'],
    ['an unknown path outside', () => raw('GET /nothing'), 404, 'NOT_FOUND', 'route_not_found'],
    ['a slash at the end', () => withToken('GET /api/v1/tasks/'), 404, 'NOT_FOUND', 'route_not_found'],
    ['an id that is none', () => withToken('GET /api/v1/tasks/7'), 404, 'NOT_FOUND', 'not_found'],
    ['a task that is not there', () => withToken(`GET /api/v1/tasks/${newId()}`), 404, 'NOT_FOUND', 'task_not_found'],
    ['another method', () => withToken('PUT /api/v1/tasks'), 405, 'METHOD_NOT_ALLOWED', 'method_not_allowed'],
    [
      'another language',
      () => withToken('GET /api/v1/tasks', { accept: 'text/html' }),
      ...([406, 'NOT_ACCEPTABLE', 'not_acceptable'] as const),
    ],
    [
      'JSON refused',
      () => withToken('GET /api/v1/tasks', { accept: 'application/json;q=0, text/html' }),
      ...([406, 'NOT_ACCEPTABLE', 'not_acceptable'] as const),
    ],
    [
      'a body in text',
      () => withToken(post, { 'content-type': 'text/plain', ...length('{}') }, '{}'),
      ...([415, 'UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type'] as const),
    ],
    [
      'a body in Latin-1',
      () => withToken(post, { 'content-type': 'application/json; charset=iso-8859-1', ...length('{}') }, '{}'),
      ...([415, 'UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type'] as const),
    ],
    [
      'a body without a type',
      () => withToken(post, length('{}'), '{}'),
      ...([415, 'UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type'] as const),
    ],
    [
      'a body that is packed',
      () => withToken(post, { ...json, 'content-encoding': 'gzip', ...length('{}') }, '{}'),
      ...([415, 'UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type'] as const),
    ],
    [
      'malformed JSON',
      () => withToken(post, { ...json, ...length('{"title":') }, '{"title":'),
      ...([400, 'VALIDATION_ERROR', 'malformed_json'] as const),
    ],
    [
      'a body that is too long',
      () => withToken(post, { ...json, 'content-length': String(257 * 1024) }),
      ...([413, 'PAYLOAD_TOO_LARGE', 'payload_too_large'] as const),
    ],
    [
      'a body that gets too long, chunk by chunk',
      () =>
        withToken(
          post,
          { ...json, 'transfer-encoding': 'chunked' },
          `40000\r\n${kibibytes(256)}\r\n400\r\n${kibibytes(1)}\r\n`,
        ),
      ...([413, 'PAYLOAD_TOO_LARGE', 'payload_too_large'] as const),
    ],
    ['no token', () => raw('GET /api/v1/tasks'), 401, 'UNAUTHORIZED', 'unauthorized'],
    [
      'a token that is none',
      () => raw('GET /api/v1/tasks', { authorization: 'Bearer of.bad.news' }),
      ...([401, 'UNAUTHORIZED', 'unauthorized'] as const),
    ],
    [
      'a bad token where none is needed',
      () => raw(`GET /api/v1/commands/${newId()}`, { authorization: 'Bearer of.bad.news' }),
      ...([401, 'UNAUTHORIZED', 'unauthorized'] as const),
    ],
    [
      'headers that are too long',
      () => raw('GET /api/v1/tasks', { 'x-long': kibibytes(17) }),
      ...([431, 'HEADERS_TOO_LARGE', 'headers_too_large'] as const),
    ],
    [
      'what is no HTTP',
      () => rawExchange(api.port, 'HELO example.org\r\n\r\n'),
      ...([400, 'VALIDATION_ERROR', 'malformed_request'] as const),
    ],
    [
      'a path that cannot be read',
      () => raw('GET /api/v1/tasks/%E0%A4%A'),
      ...([400, 'VALIDATION_ERROR', 'malformed_url'] as const),
    ],
  ])('says what is wrong with %s', async (_, ask, ...expected) => {
    const answer = await ask();
    expect(wellFormed(answer)).toEqual(expected);
    traced(answer);
  });

  it('names the methods that a path has', async () => {
    const { headers, body } = await withToken('PUT /api/v1/tasks?limit=1');
    expect(headers.allow).toBe('GET, HEAD, POST');
    expect(body?.detail).toContain('GET, HEAD, POST');
    expect((await withToken(`GET /api/v1/tasks/${newId()}/start`)).headers.allow).toBe('POST');
  });

  it('says how to authenticate', async () => {
    expect((await raw('GET /api/v1/tasks')).headers['www-authenticate']).toBe('Bearer');
  });

  it('names the request, and each field that is at fault', async () => {
    const { status, body } = await ann.post('/tasks?x=1', { title: '', priority: 'soon', colour: 'red' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ instance: '/api/v1/tasks?x=1', reason: 'validation_failed' });
    expect((body.errors as { pointer: string; reason: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
      '/colour',
      '/priority',
      '/title',
    ]);
  });

  it('is given before anything of a body that is too long is read', async () => {
    const body = JSON.stringify({ title: 'Large', description: kibibytes(200) });
    const { status, body: problem } = await ann.post('/tasks', body);
    expect([status, problem.code]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it.each(['application/json', '*/*', 'application/*', 'text/html, application/json;q=0.5'])(
    'is none for Accept: %s',
    async (accept) => {
      expect((await ann.get('/tasks', { accept })).status).toBe(200);
    },
  );
});

describe('A correlation id', () => {
  it('comes back as it was sent, with every answer', async () => {
    const id = 'my-own:correlation/42';
    const sent = { 'x-correlation-id': id };
    const answers = [
      await ann.get('/tasks', sent),
      await ann.post('/tasks', { title: 'Traced' }, sent),
      await ann.post('/tasks', {}, sent),
      await ann.get('/nothing', sent),
    ];
    expect(answers.map(({ headers }) => headers['x-correlation-id'])).toEqual(Array(4).fill(id));
    expect(answers.slice(2).map(({ body }) => body.correlation_id)).toEqual([id, id]);
  });

  it('is made where none was sent that can be used', async () => {
    for (const sent of [undefined, 'a b', 'x'.repeat(129)]) {
      const { headers } = await ann.get('/tasks', sent === undefined ? {} : { 'x-correlation-id': sent });
      expect(headers['x-correlation-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    }
  });

  it('leads from the request to the lines that both processes logged of it', async () => {
    const id = newId();
    await ann.post('/tasks', { title: 'Followed' }, { 'x-correlation-id': id, ...waiting(10) });
    const linesOf = (process: AppProcess) =>
      eventually(`${process.name} has logged it`, () => {
        const lines = process.log().filter(({ correlation_id: of }) => of === id);
        return lines.length > 0 && lines;
      });
    expect(await linesOf(api)).toContainEqual(
      expect.objectContaining({ message: 'request', route: '/api/v1/tasks', status: 201, user_id: ann.userId }),
    );
    expect(await linesOf(worker)).toContainEqual(
      expect.objectContaining({ message: 'command handled', type: 'tasks.create_task.v1', status: 'succeeded' }),
    );
    const { correlation_id: stored } = await lab.database.one<{ correlation_id: string }>(
      'select correlation_id from platform.commands where correlation_id = $1',
      [id],
    );
    expect(stored).toBe(id);
  });
});

describe('A page in a browser', () => {
  const preflight = (origin: string): Promise<RawAnswer> =>
    raw('OPTIONS /api/v1/tasks', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,idempotency-key,if-match,prefer',
    });

  it('of ours may send commands and read what is answered', async () => {
    const { status, headers } = await preflight(ourPage);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(ourPage);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      expect(headers['access-control-allow-methods']).toContain(method);
    for (const name of ['authorization', 'content-type', 'idempotency-key', 'if-match', 'prefer', 'command-deadline'])
      expect(headers['access-control-allow-headers']?.toLowerCase()).toContain(name);
    const answer = await ann.get('/tasks', { origin: ourPage });
    expect(answer.headers['access-control-allow-origin']).toBe(ourPage);
    expect(answer.headers.vary).toContain('Origin');
    for (const name of ['Location', 'ETag', 'Command-Id', 'Preference-Applied', 'Retry-After', 'X-Correlation-Id'])
      expect(answer.headers['access-control-expose-headers']).toContain(name);
  });

  it('of ours may read problems, too', async () => {
    expect((await ann.get('/nothing', { origin: ourPage })).headers['access-control-allow-origin']).toBe(ourPage);
    const { headers } = await raw('GET /api/v1/tasks', { origin: ourPage });
    expect(headers['access-control-allow-origin']).toBe(ourPage);
  });

  it('of somebody else may not', async () => {
    const strange = 'https://app.example.org.evil.example';
    expect((await preflight(strange)).headers['access-control-allow-origin']).toBeUndefined();
    const { headers } = await ann.get('/tasks', { origin: strange });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('cannot guess, frame or remember what is answered', async () => {
    const answers = [
      await ann.get('/tasks'),
      await ann.get('/nothing'),
      await ann.post('/tasks', { title: 'Guarded' }),
      await raw('GET /api/v1/tasks'),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'strict-transport-security': expect.stringContaining('max-age='),
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'cache-control': 'no-store',
      });
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });
});
