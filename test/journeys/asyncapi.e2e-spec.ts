import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

import { allCommands, allEvents, declaredFields } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import type { RawMessage } from '#testing/test-broker.js';

const asyncApiSchema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;

interface AsyncApi {
  readonly channels: Readonly<
    Record<
      'commands' | 'events',
      {
        readonly messages: Readonly<Record<string, object>>;
        readonly bindings: { readonly amqp: { readonly exchange: { readonly name: string } } };
      }
    >
  >;
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly contentType: string }>>;
    readonly schemas: Readonly<Record<string, { readonly properties: object; readonly required?: readonly string[] }>>;
  };
}

describe('The AsyncAPI document', () => {
  let lab: Lab;
  let http: HttpClient;
  let answer: HttpAnswer;
  let document: AsyncApi;
  const events: RawMessage[] = [];
  const commands: RawMessage[] = [];

  beforeAll(async () => {
    // What a worker has loaded is all that there is: the API, which serves the document, must know it too.
    await import('../../apps/worker/src/worker.module.js');
    lab = await Lab.open();
    await lab.broker.overhearEvents((event) => events.push(event));
    const [api] = await Promise.all([lab.api(), lab.worker()]);
    await lab.broker.overhear('tasks', (command) => commands.push(command));
    http = new HttpClient(api.port);
    answer = await http.send({ path: '/asyncapi.json' });
    document = answer.body as AsyncApi;
    const client = lab.client(randomUUID());
    const { resource_id: id } = await client.command('/tasks', { title: 'Pack', due_date: '2030-01-31T12:00:00Z' });
    await client.send({ method: 'PATCH', path: `/api/v1/tasks/${id}`, body: { title: 'Pack both bags' } });
  });
  afterAll(async () => {
    http?.close();
    await lab?.close();
  });

  const ajv = (): Ajv => {
    const made = new Ajv({ strict: false, allErrors: true });
    addFormats.default(made);
    return made;
  };

  /** What a part of a message's description has against a value. */
  const complaints = (name: string, part: 'headers' | 'payload', value: unknown): readonly unknown[] => {
    const check = ajv()
      .addSchema({ components: document.components }, 'document')
      .getSchema(`document#/components/messages/${name}/${part}`);
    if (!check) throw new Error(`the document has no ${part} of ${name}`);
    return check(value) === true ? [] : (check.errors ?? []);
  };

  it('is served to everybody, as JSON', () => {
    expect([answer.status, answer.headers['content-type']]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(document).toMatchObject({ asyncapi: '3.0.0' });
  });

  it('is nothing that can be written', async () => {
    const { status, headers } = await http.send({ method: 'DELETE', path: '/asyncapi.json' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('is valid by the schema of AsyncAPI 3.0.0', () => {
    const check = ajv().compile(asyncApiSchema);
    check(document);
    expect(check.errors ?? []).toEqual([]);
    expect(check({ ...document, asyncapi: '2.6.0' })).toBe(false);
  });

  it('has all commands and public events that workers know, with the fields of the codec', () => {
    const types = { commands: allCommands(), events: allEvents().filter((event) => !event.private) };
    for (const channel of ['commands', 'events'] as const)
      expect(Object.keys(document.channels[channel].messages).toSorted()).toEqual(
        types[channel].map(({ name }) => name).toSorted(),
      );
    for (const { name, type } of [...types.commands, ...types.events]) {
      const fields = declaredFields(type).toSorted((a, b) => (a.wireName < b.wireName ? -1 : 1));
      const { properties, required = [] } = document.components.schemas[name] ?? { properties: {} };
      expect({ name, fields: Object.keys(properties).toSorted(), required: required.toSorted() }).toEqual({
        name,
        fields: fields.map(({ wireName }) => wireName),
        required: fields.filter(({ optional }) => !optional).map(({ wireName }) => wireName),
      });
    }
    expect(Object.keys(document.channels.events.messages)).toEqual(
      expect.arrayContaining(['task.created.v1', 'system.service_started.v1']),
    );
  });

  it('names the exchanges that are there', () => {
    const { commands: ofCommands, events: ofEvents } = document.channels;
    const { topology } = lab.broker;
    expect(ofCommands.bindings.amqp.exchange.name).toBe(topology.commands);
    expect(ofEvents.bindings.amqp.exchange.name).toBe(topology.events);
  });

  it('describes the events that subscribers get', async () => {
    const wanted = ['system.service_started.v1', 'task.created.v1', 'task.updated.v1'];
    await eventually('the events have come', async () =>
      wanted.every((type) => events.some(({ routingKey }) => routingKey === type)),
    );
    for (const { routingKey, body, properties } of events) {
      const { contentType } = document.components.messages[routingKey] ?? {};
      expect([routingKey, properties.contentType]).toEqual([routingKey, contentType]);
      expect(complaints(routingKey, 'headers', properties.headers)).toEqual([]);
      expect(complaints(routingKey, 'payload', JSON.parse(body.toString()))).toEqual([]);
    }
    const [created] = events.filter(({ routingKey }) => routingKey === 'task.created.v1');
    expect(complaints('task.updated.v1', 'payload', JSON.parse(String(created?.body)))).not.toEqual([]);
  });

  it('describes the commands that workers get', async () => {
    await eventually('the commands were overheard', async () => commands.length >= 2);
    for (const { body, properties } of commands) {
      const name = String(properties.type);
      expect([name, properties.contentType]).toEqual([name, document.components.messages[name]?.contentType]);
      expect(complaints(name, 'headers', properties.headers)).toEqual([]);
      expect(complaints(name, 'payload', JSON.parse(body.toString()))).toEqual([]);
    }
  });
});
