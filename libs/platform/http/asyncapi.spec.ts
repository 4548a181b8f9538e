import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { IsInt, IsString, IsUUID } from 'class-validator';

import {
  allCommands,
  allEvents,
  Command,
  declaredFields,
  decode,
  Event,
  Example,
  IsTime,
  Message,
  Optional,
} from '#kernel';

import { asyncApiDocument } from './asyncapi.js';

const asyncApiSchema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;

@Command('shelves.put_book.v1', 'shelfId')
class PutBook extends Message<PutBook> {
  @IsUUID() readonly shelfId!: string;
  @IsString() @Example('Middlemarch') readonly title!: string;
  @Optional() @IsInt() readonly pages?: number;
}

@Event('shelf.filled.v1', 'shelfId')
class ShelfFilled extends Message<ShelfFilled> {
  @IsUUID() readonly shelfId!: string;
  @IsInt() @Example(40) readonly bookCount!: number;
  @IsTime() readonly filledAt!: string;
}

@Event('shelf.dusted.v1', 'shelfId', { private: true })
class ShelfDusted extends Message<ShelfDusted> {
  @IsUUID() readonly shelfId!: string;
}

@Event('shelf.moved.v1', 'shelfId')
class ShelfMoved extends Message<ShelfMoved> {
  @IsUUID() readonly shelfId!: string;
  @IsString() readonly room!: string;
}

interface MessageObject {
  readonly name: string;
  readonly payload: object;
  readonly examples?: readonly { readonly payload: Record<string, unknown> }[];
}

interface Channel {
  readonly messages: Readonly<Record<string, { readonly $ref: string }>>;
  readonly bindings: object;
}

interface AsyncApi {
  readonly channels: { readonly commands: Channel; readonly events: Channel };
  readonly operations: Readonly<Record<string, { readonly messages: readonly { readonly $ref: string }[] }>>;
  readonly components: {
    readonly messages: Readonly<Record<string, MessageObject>>;
    readonly schemas: Readonly<Record<string, { properties: object; required?: readonly string[] }>>;
  };
}

const document = asyncApiDocument({ commands: 'a.commands', events: 'a.events' }) as AsyncApi;
const { messages, schemas } = document.components;

const validator = (): Ajv => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv;
};

const asyncApi = validator().compile(asyncApiSchema);

/** What the specification's own schema has against a document. */
function complaints(of: object): readonly unknown[] {
  asyncApi(of);
  return asyncApi.errors ?? [];
}

describe('The AsyncAPI document', () => {
  it('is one by the schema of AsyncAPI 3.0.0', () => {
    expect(complaints(document)).toEqual([]);
  });

  it.each([
    ['a word that the specification does not know', { ...document, chanels: {} }],
    [
      'an action that is none',
      { ...document, operations: { publish: { ...document.operations.publishEvents, action: 'publish' } } },
    ],
    ['a payload of no type', { ...document, components: { schemas: { Odd: { type: 'text' } } } }],
  ])('would be refused for %s', (_, odd) => {
    expect(complaints(odd)).not.toEqual([]);
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path as string,
    );
    const missing = references.filter((path) => path.split('/').reduce<unknown>(step, document) === undefined);

    expect(references).toContain('components/schemas/shelf.filled.v1');
    expect(missing).toEqual([]);
  });

  it('has every command and every public event, each in its channel and operation', () => {
    const [commands, events] = [allCommands(), allEvents().filter((event) => !event.private)].map((types) =>
      types.map(({ name }) => name),
    ) as [string[], string[]];

    expect(commands).toContain('shelves.put_book.v1');
    expect(events).toEqual(expect.arrayContaining(['shelf.filled.v1', 'shelf.moved.v1']));
    expect(Object.keys(messages)).toEqual([...commands, ...events]);
    expect(Object.keys(document.channels.commands.messages)).toEqual(commands);
    expect(Object.keys(document.channels.events.messages)).toEqual(events);
    expect(document.operations.handleCommands?.messages.map(lastName)).toEqual(commands);
    expect(document.operations.publishEvents?.messages.map(lastName)).toEqual(events);
  });

  it('keeps private events to itself', () => {
    expect(allEvents().map(({ type }) => type)).toContain(ShelfDusted);
    expect(JSON.stringify(document)).not.toContain('dusted');
  });

  it('has the fields of the codec, and no others', () => {
    for (const { name, type } of [...allCommands(), ...allEvents().filter((event) => !event.private)]) {
      const fields = declaredFields(type);
      const required = fields.filter(({ optional }) => !optional);
      expect({ name, fields: Object.keys(schemas[name]?.properties ?? {}) }).toEqual({
        name,
        fields: fields.map(({ wireName }) => wireName),
      });
      expect({ name, required: schemas[name]?.required ?? [] }).toEqual({
        name,
        required: required.map(({ wireName }) => wireName),
      });
    }
    expect(Object.keys(schemas['shelf.filled.v1']?.properties ?? {})).toEqual(['shelf_id', 'book_count', 'filled_at']);
    expect(schemas['shelves.put_book.v1']?.required).toEqual(['shelf_id', 'title']);
  });

  it('names the exchanges of the installation', () => {
    expect(document.channels).toMatchObject({
      commands: { bindings: { amqp: { exchange: { name: 'a.commands', type: 'direct' } } } },
      events: { bindings: { amqp: { exchange: { name: 'a.events', type: 'topic' } } } },
    });
  });

  it('describes an event as a CloudEvent with its data', () => {
    const check = payloadCheck('shelf.filled.v1');
    const [example] = messages['shelf.filled.v1']?.examples ?? [];
    const event = example?.payload as { data: object };

    expect(check(event)).toBe(true);
    expect(check({ ...event, id: undefined })).toBe(false);
    expect(check({ ...event, type: 'shelf.moved.v1' })).toBe(false);
    expect(check({ ...event, data: { ...event.data, book_count: 'many' } })).toBe(false);
    expect(event).toMatchObject({ subject: (event.data as { shelf_id: string }).shelf_id });
  });

  it('leaves room for what later events say, and none in a command', () => {
    const [event, command] = ['shelf.filled.v1', 'shelves.put_book.v1'].map(
      (name) => messages[name]?.examples?.[0]?.payload as { data: object },
    ) as [{ data: object }, object];

    expect(payloadCheck('shelf.filled.v1')({ ...event, data: { ...event.data, colour: 'red' } })).toBe(true);
    expect(payloadCheck('shelves.put_book.v1')(command)).toBe(true);
    expect(payloadCheck('shelves.put_book.v1')({ ...command, colour: 'red' })).toBe(false);
  });

  it('shows examples that its own schemas and the codec take', () => {
    const shown = Object.values(messages).filter(({ examples }) => examples);

    expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(['shelves.put_book.v1', 'shelf.filled.v1']));
    for (const { name, examples = [] } of shown)
      for (const { payload } of examples) {
        expect({ name, valid: payloadCheck(name)(payload) }).toEqual({ name, valid: true });
        const known = [...allCommands(), ...allEvents()].find((type) => type.name === name);
        const data = 'specversion' in payload ? payload.data : payload;
        expect(decode(known?.type as typeof PutBook, data)).toBeInstanceOf(known?.type);
      }
  });

  it('makes up no example for a text that says nothing of itself', () => {
    expect(messages['shelf.filled.v1']).toMatchObject({ title: ShelfFilled.name, examples: [{}] });
    expect(messages['shelf.moved.v1']).toMatchObject({ title: ShelfMoved.name });
    expect(messages['shelf.moved.v1']).not.toHaveProperty('examples');
  });
});

const lastName = ({ $ref }: { $ref: string }): string => $ref.slice($ref.lastIndexOf('/') + 1);

const step = (place: unknown, name: string): unknown => (place as Record<string, unknown> | undefined)?.[name];

/** Compiled where it stands, so that its references are followed. */
function payloadCheck(name: string): (payload: object) => boolean {
  const ajv = validator().addSchema({ components: document.components }, 'document');
  const check = ajv.getSchema(`document#/components/messages/${name}/payload`);
  if (!check) throw new Error(`there is no message ${name}`);
  return (payload) => check(JSON.parse(JSON.stringify(payload))) === true;
}
