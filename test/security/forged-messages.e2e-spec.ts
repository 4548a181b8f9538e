import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { development } from '#platform/config/development.js';
import { EnvelopeSeal, type Envelope } from '#platform/messaging/envelope.js';
import { unpackedBody } from '#platform/operations/parked-bytes.js';
import { type Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { keylessPrivacy } from '#testing/privacy.js';
import type { RawMessage } from '#testing/test-broker.js';

const genuineSeal = new EnvelopeSeal(development.envelopeKeys);
const [keyId] = development.envelopeKeys.split(':');
const strangersSeal = new EnvelopeSeal(`${keyId}:a-secret-that-the-workers-do-not-know-at-all`);
const unknownSeal = new EnvelopeSeal('unknown:a-secret-that-the-workers-do-not-know-at-all');

describe('A message that somebody put on the broker', () => {
  let lab: Lab;
  let owner: Client;
  /** A command of the owner as it went over the wire. */
  let genuine: RawMessage;
  let taskId: string;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
    const heard: RawMessage[] = [];
    await lab.broker.overhear('tasks', (message) => heard.push(message));
    owner = lab.client(newId());
    const { command_id: id, resource_id: resourceId } = await owner.command('/tasks', { title: 'genuine' });
    await owner.outcome(id);
    genuine = await eventually('the command was overheard', () => heard[0]);
    taskId = resourceId;
  });
  afterAll(() => lab?.close());

  const deadMessages = async (): Promise<{ reason: string; body: Buffer; seen: number }[]> =>
    (
      await lab.database.query<{ reason: string; body: Buffer; seen: number }>(
        'select reason, body, seen from platform.dead_messages order by first_seen_at',
      )
    ).map((row) => ({ ...row, body: unpackedBody(row.body, keylessPrivacy) }));
  const state = (): Promise<Record<string, number>> =>
    lab.database.one(
      `select (select count(*)::int from platform.events) as events, (select count(*)::int from platform.commands) as commands,
         (select count(*)::int from platform.parked_commands) as parked`,
    );

  /** Publishes it and resolves with the reason that it was put aside for; nothing else has changed. */
  async function putAside(message: RawMessage): Promise<string> {
    const before = await state();
    const known = (await deadMessages()).length;
    await lab.broker.publish([message]);
    const { reason, body } = await eventually('it was put aside', async () => (await deadMessages())[known]);
    expect(body).toEqual(message.body);
    expect(await state()).toEqual(before);
    return reason;
  }

  const withHeaders = (changes: Record<string, string | undefined>, message = genuine): RawMessage => {
    const headers = Object.entries({ ...(message.properties.headers as Record<string, string>), ...changes });
    const left = Object.fromEntries(headers.filter(([, value]) => value !== undefined));
    return { ...message, properties: { ...message.properties, headers: left } };
  };

  function sealed(seal: EnvelopeSeal, changes: Partial<Envelope> = {}): RawMessage {
    const lane = changes.lane ?? newId();
    const envelope: Envelope = {
      id: newId(),
      type: 'tasks.create_task.v1',
      context: 'tasks',
      lane,
      resourceId: lane,
      author: owner.userId,
      roles: ['user'],
      acceptedAt: new Date(),
      correlationId: newId(),
      body: Buffer.from(JSON.stringify({ task_id: lane, user_id: owner.userId, title: 'forged' })),
      ...changes,
    };
    const { headers, ...properties } = seal.seal(envelope);
    return {
      routingKey: lab.broker.routingKey('tasks', lane),
      body: envelope.body,
      properties: { ...properties, headers },
    };
  }

  it('A21: without a signature is kept and has no effect, be it JSON or not', async () => {
    expect(await putAside({ ...genuine, body: Buffer.from('no JSON'), properties: {} })).toBe('malformed');
    expect(await putAside({ ...genuine, body: Buffer.from('{}'), properties: { type: 'tasks.destroy_all.v1' } })).toBe(
      'malformed',
    );
  });

  it.each([
    ['author', () => withHeaders({ author: newId() })],
    ['roles', () => withHeaders({ roles: 'user,admin' })],
    ['lane', () => withHeaders({ lane: taskId.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a')) })],
    ['acceptance time', () => withHeaders({ 'accepted-at': new Date(0).toISOString() })],
    ['type', () => ({ ...genuine, properties: { ...genuine.properties, type: 'tasks.complete_task.v1' } })],
    ['id', () => ({ ...genuine, properties: { ...genuine.properties, messageId: newId() } })],
    ['body', () => ({ ...genuine, body: Buffer.from(genuine.body.toString().replace('genuine', 'changed')) })],
  ])('A21: with another %s than was signed is kept and has no effect', async (_, forged) => {
    expect(await putAside(forged())).toBe('signature_invalid');
  });

  it.each([
    ['author', newId()],
    ['context', 'auth'],
    ['resource-id', newId()],
    ['key-hash', Buffer.alloc(32, 1).toString('base64url')],
    ['fingerprint', Buffer.alloc(32, 1).toString('base64url')],
    ['expected-version', '2'],
    ['deadline', '2200-01-01T00:00:00.000Z'],
    ['traceparent', `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`],
  ])(
    'A21: whose %s was changed, taken away or added is kept with its reason and has no effect',
    async (name, value) => {
      const conditional = sealed(genuineSeal, {
        keyHash: Buffer.alloc(32, 7),
        fingerprint: Buffer.alloc(32, 7),
        expectedVersion: 1,
        deadline: new Date('2100-01-01T00:00:00.000Z'),
        traceParent: `00-${'2'.repeat(32)}-${'2'.repeat(16)}-01`,
      });
      expect(await putAside(withHeaders({ [name]: value }, conditional))).toBe('signature_invalid');
      const needed = ['author', 'context', 'resource-id'].includes(name);
      expect(await putAside(withHeaders({ [name]: undefined }, conditional))).toBe(
        needed ? 'malformed' : 'signature_invalid',
      );
      if (!needed)
        expect(await putAside(withHeaders({ [name]: value }, sealed(genuineSeal)))).toBe('signature_invalid');
    },
  );

  it('A21: whose correlation id was changed, or whose signature is cut, is kept with its reason', async () => {
    const other = { ...genuine, properties: { ...genuine.properties, correlationId: newId() } };
    expect(await putAside(other)).toBe('signature_invalid');
    const { signature = '' } = genuine.properties.headers as Record<string, string>;
    expect(await putAside(withHeaders({ signature: signature.slice(0, 8) }))).toBe('signature_invalid');
    expect(await putAside(withHeaders({ signature: undefined }))).toBe('malformed');
  });

  it('A21: that was signed with a secret of its own is kept and has no effect', async () => {
    expect(await putAside(sealed(strangersSeal))).toBe('signature_invalid');
    expect(await putAside(sealed(strangersSeal, { type: 'tasks.destroy_all.v1' }))).toBe('signature_invalid');
  });

  it.each([
    ['a time before the calendar', { acceptedAt: new Date('-000100-01-01T00:00:00.000Z') }],
    ['a time after the calendar', { acceptedAt: new Date('+275760-09-13T00:00:00.000Z') }],
    ['a NUL in its author', { author: 'a\0b' }],
    ['a lone surrogate in its author', { author: '\ud800' }],
    ['a lane too long to be indexed', { lane: 'x'.repeat(20_000) }],
  ])('A21: under an unknown key, with %s, is kept and does not stop its partition', async (_, changes) => {
    expect(await putAside(sealed(unknownSeal, changes))).toBe('malformed');
  });

  it('A21: in the queue of another lane is kept and has no effect', async () => {
    const routingKey = Array.from({ length: 8 }, (_, n) => lab.broker.topology.routingKey('tasks', 8, n)).find(
      (key) => key !== genuine.routingKey,
    );
    expect(await putAside({ ...genuine, routingKey: routingKey as string })).toBe('misrouted');
  });

  it('A21: and is genuine, but sent again a thousand times, has no second effect', async () => {
    const before = await state();
    await lab.broker.publish(Array.from({ length: 1000 }, () => genuine));
    const after = await owner.command(`/tasks/${taskId}/start`);
    await owner.outcome(after.command_id);
    expect(await state()).toEqual({
      events: (before.events ?? 0) + 1,
      commands: (before.commands ?? 0) + 1,
      parked: before.parked,
    });
  });

  it('A21: and is genuine, but names a queue for its answer, cannot make a worker write there', async () => {
    const { topology } = lab.broker;
    const known = (await deadMessages()).length;
    const before = await state();
    await lab.broker.publish([
      { ...genuine, properties: { ...genuine.properties, replyTo: topology.deadLetters, correlationId: newId() } },
      { ...genuine, properties: { ...genuine.properties, replyTo: topology.deadLetters } },
    ]);
    const { command_id: id } = await owner.command(`/tasks/${taskId}/start`);
    await owner.outcome(id);
    // What a worker had written into that queue would be put aside before this.
    const marker = Buffer.from('the last one');
    await lab.broker.publish([{ routingKey: topology.deadLetters, body: marker, properties: {} }], '');
    await eventually('the marker was put aside', async () =>
      (await deadMessages()).some(({ body }) => body.equals(marker)),
    );
    const reasons = (await deadMessages()).slice(known).map(({ reason, body }) => [reason, body.toString()]);
    expect(reasons).toEqual([
      ['signature_invalid', genuine.body.toString()],
      ['malformed', marker.toString()],
    ]);
    expect((await state()).events).toBe(before.events);
  });

  it('A21: and that the broker gave up on is parked dead, and so can be asked for by its author', async () => {
    const given = sealed(genuineSeal);
    await lab.broker.publish([given], lab.broker.topology.deadLetters);
    const id = given.properties.messageId as string;
    const parked = await eventually('it was parked', async () => {
      const rows = await lab.database.query<{ state: string; author: string }>(
        'select state, author from platform.parked_commands where id = $1',
        [id],
      );
      return rows[0];
    });
    expect(parked).toEqual({ state: 'dead', author: owner.userId });
  });

  it('A21: and is signed by an API, but no JSON, ends as rejected', async () => {
    const message = sealed(genuineSeal, { body: Buffer.from('no JSON') });
    await lab.broker.publish([message]);
    const outcome = await eventually('it has ended', async () => {
      const [row] = await lab.database.query<{ status: string; problem: { reason: string } }>(
        'select status, problem from platform.commands where id = $1',
        [message.properties.messageId],
      );
      return row;
    });
    expect(outcome).toMatchObject({ status: 'rejected', problem: { reason: 'invalid_message' } });
  });

  it('A21: and is signed by an API of a newer release waits for a worker that knows its type', async () => {
    const message = sealed(genuineSeal, { type: 'tasks.archive_task.v1' });
    await lab.broker.publish([message]);
    const parked = await eventually('it is parked', async () => {
      const [row] = await lab.database.query<{ state: string }>(
        'select state from platform.parked_commands where id = $1',
        [message.properties.messageId],
      );
      return row;
    });
    expect(parked.state).toBe('unsupported');
  });

  it('A21: is heard of by nobody else: the worker goes on', async () => {
    const { command_id: id } = await owner.command('/tasks', { title: 'afterwards' });
    expect(await owner.outcome(id)).toMatchObject({ status: 'succeeded' });
    expect(lab.workers.every(({ running }) => running)).toBe(true);
  });
});
