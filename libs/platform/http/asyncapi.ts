import type { Type } from '@nestjs/common';

import { allCommands, allEvents, declaredFields, derivedId, type CommandType, type EventType } from '#kernel';

import { release } from '../release.js';
import { wireSchema, type SchemaObject } from './schemas.js';

const text = { type: 'string' } as const;
const uuid = { type: 'string', format: 'uuid' } as const;
const moment = { type: 'string', format: 'date-time' } as const;

const description = `
Commands are what the API puts on the broker for workers; they are signed, so only the API can send them. Events are for
everybody: bind a queue to the exchange of events, with a routing key for each type that you want, or \`#\` for all.
Every public event arrives at least once, first deliveries of one stream in order; a repeated event has the same \`id\`.
`.trim();

/** The AsyncAPI 3 document of all commands and public events that this process knows, made from their classes. */
export function asyncApiDocument(exchanges: { readonly commands: string; readonly events: string }): object {
  const commands = allCommands();
  const events = allEvents().filter((event) => !event.private);
  const tags = [...new Set([...commands, ...events].map(tagOf))];
  return {
    asyncapi: '3.0.0',
    id: 'urn:contextflow',
    info: {
      title: 'ContextFlow',
      version: release,
      description,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      tags: tags.map((name) => ({ name })),
    },
    defaultContentType: 'application/json',
    channels: {
      commands: {
        address: '{context}.{partitions}.{partition}',
        description: 'Signed commands, by context and partition.',
        parameters: {
          context: { description: 'The context that handles it', enum: [...new Set(commands.map(tagOf))] },
          partitions: { description: 'How many partitions the context has' },
          partition: { description: 'Which of them its lane belongs to, from 0' },
        },
        messages: references('components', commands),
        bindings: exchange(exchanges.commands, 'direct'),
      },
      events: {
        address: '{type}',
        description: 'Public events, by type.',
        parameters: { type: { description: 'The type of the event', enum: events.map(({ name }) => name) } },
        messages: references('components', events),
        bindings: exchange(exchanges.events, 'topic'),
      },
    },
    operations: {
      handleCommands: {
        action: 'receive',
        channel: { $ref: '#/channels/commands' },
        summary: 'Workers run commands, each once, in order for its lane.',
        messages: Object.values(references('channels/commands', commands)),
        bindings: { amqp: { ack: true, deliveryMode: 2, mandatory: true, timestamp: true, bindingVersion } },
      },
      publishEvents: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'The relay publishes what has happened, in the order of the log.',
        messages: Object.values(references('channels/events', events)),
        bindings: { amqp: { deliveryMode: 2, mandatory: false, bindingVersion } },
      },
    },
    components: {
      messages: Object.fromEntries([
        ...commands.map((command) => [command.name, commandMessage(command)]),
        ...events.map((event) => [event.name, eventMessage(event)]),
      ]),
      schemas: {
        ...Object.fromEntries(commands.map(({ name, type }) => [name, wireSchema(type as Type)])),
        // Open: a later release may say more in an event of the same version.
        ...Object.fromEntries(
          events.map(({ name, type }) => [name, { ...wireSchema(type as Type), additionalProperties: true }]),
        ),
        CloudEvent: cloudEventSchema,
        CommandHeaders: commandHeaders,
        EventHeaders: eventHeaders,
      },
    },
  };
}

const bindingVersion = '0.3.0';

const exchange = (name: string, type: 'direct' | 'topic'): object => ({
  amqp: { is: 'routingKey', exchange: { name, type, durable: true, autoDelete: false }, bindingVersion },
});

const references = (place: string, messages: readonly { readonly name: string }[]): Record<string, object> =>
  Object.fromEntries(messages.map(({ name }) => [name, { $ref: `#/${place}/messages/${name}` }]));

/** A command's context; what an event is about. */
const tagOf = ({ name }: { readonly name: string }): string => name.slice(0, name.indexOf('.'));

const commandMessage = (command: CommandType): object => ({
  ...messageOf(command),
  summary: `A command of ${command.context}, in order for its ${wireName(command, command.laneField)}.`,
  contentType: 'application/json',
  headers: { $ref: '#/components/schemas/CommandHeaders' },
  payload: { $ref: `#/components/schemas/${command.name}` },
  ...examples(command.type as Type, (payload) => payload),
});

const eventMessage = (event: EventType): object => ({
  ...messageOf(event),
  summary: `An event, in order for its ${wireName(event, event.streamField)}: a CloudEvent in structured mode.`,
  contentType: 'application/cloudevents+json',
  correlationId: { location: '$message.payload#/correlationid' },
  headers: { $ref: '#/components/schemas/EventHeaders' },
  payload: {
    allOf: [
      { $ref: '#/components/schemas/CloudEvent' },
      {
        type: 'object',
        properties: {
          type: { type: 'string', const: event.name },
          data: { $ref: `#/components/schemas/${event.name}` },
        },
      },
    ],
  },
  ...examples(event.type as Type, (data) =>
    cloudEventExample(event.name, data[wireName(event, event.streamField)], data),
  ),
});

const messageOf = ({ name, type }: CommandType | EventType): object => ({
  name,
  title: type.name,
  tags: [{ name: tagOf({ name }) }],
  bindings: { amqp: { messageType: name, bindingVersion } },
});

const wireName = ({ type }: CommandType | EventType, property: string): string =>
  declaredFields(type).find((field) => field.property === property)?.wireName ?? property;

const commandHeaders = {
  type: 'object',
  required: ['context', 'lane', 'resource-id', 'author', 'roles', 'accepted-at', 'key-id', 'signature'],
  properties: {
    context: text,
    lane: { ...uuid, description: 'Commands of one lane run one after another' },
    'resource-id': uuid,
    author: { type: 'string', description: 'Id of the user, or `system:` and a name' },
    roles: { type: 'string', description: 'The author’s, with commas' },
    'accepted-at': moment,
    'key-hash': { type: 'string', description: 'Author, route and idempotency key, hashed' },
    fingerprint: { type: 'string', description: 'The request, hashed' },
    deadline: moment,
    'expected-version': { type: 'string', description: 'Version that the aggregate must have' },
    traceparent: text,
    'key-id': { type: 'string', description: 'Which key it is signed with' },
    signature: { type: 'string', description: 'HMAC-SHA-256 over properties, headers and body' },
  },
};

const eventHeaders = {
  type: 'object',
  required: ['log-cursor', 'key-id', 'signature'],
  properties: {
    'log-cursor': {
      type: 'string',
      description: 'Up to where in the log everything was published before: era, transaction, position',
    },
    'key-id': { type: 'string', description: 'Which key it is signed with' },
    signature: { type: 'string', description: 'HMAC-SHA-256 over place and body' },
  },
};

const cloudEventSchema = {
  type: 'object',
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'sequence',
    'streamtype',
    'actor',
    'correlationid',
    'causationid',
    'data',
  ],
  properties: {
    specversion: { type: 'string', const: '1.0' },
    id: { ...uuid, description: 'The same for every delivery of the event' },
    source: { type: 'string', format: 'uri-reference', description: '`/contextflow/` and the context' },
    type: text,
    subject: { ...uuid, description: 'Id of the stream: of the aggregate' },
    time: { ...moment, description: 'When it happened: when its command was accepted' },
    datacontenttype: { type: 'string', const: 'application/json' },
    sequence: { type: 'string', pattern: '^[1-9][0-9]*$', description: 'Version of the stream: 1, 2, 3 …' },
    streamtype: { type: 'string', description: 'What the stream is of: context and aggregate' },
    actor: { type: 'string', description: 'Id of the user, or `system:` and a name' },
    correlationid: text,
    causationid: { ...uuid, description: 'Id of the command' },
    traceparent: text,
    data: { type: 'object' },
  },
};

const exampleId = (of: string): string => derivedId('example', of);
const exampleTime = '2030-01-30T12:00:00.000Z';

function cloudEventExample(type: string, subject: unknown, data: Record<string, unknown>): object {
  const [noun] = type.split('.', 1);
  return {
    specversion: '1.0',
    id: exampleId(type),
    source: '/contextflow/some_context',
    type,
    subject,
    time: exampleTime,
    datacontenttype: 'application/json',
    sequence: '1',
    streamtype: `some_context.${noun}`,
    actor: exampleId('user_id'),
    correlationid: exampleId('correlation_id'),
    causationid: exampleId('command_id'),
    data,
  };
}

/** One example, unless a field that is required has none and is neither an id nor a time. */
function examples(type: Type, shown: (payload: Record<string, unknown>) => object): object {
  const { properties = {}, required = [] } = wireSchema(type);
  const example = Object.fromEntries(
    Object.entries(properties as Record<string, SchemaObject>).flatMap(([name, schema]) => {
      const value = exampleOf(name, schema);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return required.every((name) => name in example) ? { examples: [{ payload: shown(example) }] } : {};
}

function exampleOf(name: string, { examples: shown, format }: SchemaObject): unknown {
  const [example] = (shown as readonly unknown[] | undefined) ?? [];
  if (example !== undefined) return example;
  if (format === 'uuid') return exampleId(name);
  return format === 'date-time' ? exampleTime : undefined;
}
