import type { HttpClient, HttpRequest } from '#testing/http-client.js';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface DocumentedAnswer {
  readonly headers?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

export type Method = NonNullable<HttpRequest['method']>;

/** One thing that the API says it can do. */
export interface Operation {
  readonly name: string;
  readonly method: Method;
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly answers: Readonly<Record<string, DocumentedAnswer>>;
  /** An access token is needed. */
  readonly secured: boolean;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const methods: Readonly<Record<string, Method>> = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  patch: 'PATCH',
};

/** What the API says of itself: attacks that are driven by it cover a new route without being changed. */
export class ApiDocument {
  /** Without those that answer for as long as somebody listens. */
  readonly operations: readonly Operation[];

  constructor(readonly json: OpenApi) {
    this.operations = Object.entries(json.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([verb, documented]) => {
        const method = methods[verb];
        return method && !streams(documented) ? [operationOf(method, path, documented)] : [];
      }),
    );
  }

  static async of(http: HttpClient): Promise<ApiDocument> {
    const { status, body } = await http.send({ path: '/openapi.json' });
    if (status !== 200) throw new Error(`GET /openapi.json was answered ${status}`);
    return new ApiDocument(body as OpenApi);
  }

  named(name: string): Operation {
    const found = this.operations.find((operation) => operation.name === name);
    if (!found) throw new Error(`there is no operation ${name}`);
    return found;
  }

  /** Those that change something. */
  get writes(): readonly Operation[] {
    return this.operations.filter(({ method }) => method !== 'GET');
  }

  get lists(): readonly Operation[] {
    return this.operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));
  }

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    if (name === undefined) return schema;
    const found = this.json.components.schemas[name];
    if (!found) throw new Error(`${schema.$ref} leads nowhere`);
    return this.resolve(found);
  }

  /** A small body that the operation takes: the fields that it needs, at least one. */
  exampleBody({ body }: Operation): Record<string, unknown> | undefined {
    if (!body) return undefined;
    const { properties = {}, required = [] } = this.resolve(body);
    const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
    return Object.fromEntries(names.map((name) => [name, exampleOf(this.resolve(properties[name] as Schema))]));
  }
}

const streams = ({ responses }: DocumentedOperation): boolean =>
  responses['200']?.content?.['text/event-stream'] !== undefined;

function operationOf(method: Method, path: string, documented: DocumentedOperation): Operation {
  const { parameters = [], requestBody, responses, security = [] } = documented;
  return {
    name: `${method} ${path}`,
    method,
    path,
    parameters,
    body: requestBody?.content['application/json']?.schema,
    answers: responses,
    secured: security.length > 0 && security.every((scheme) => Object.keys(scheme).length > 0),
  };
}

/** The path with what varies filled in. */
export const concretePath = ({ path }: Operation, fill: (parameter: string) => string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill(name));

function exampleOf(schema: Schema): unknown {
  const type = [schema.type].flat()[0];
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'uuid') return '00000000-0000-4000-8000-000000000000';
  if (schema.format === 'date-time') return '2100-01-01T00:00:00Z';
  if (schema.format === 'email') return 'somebody@example.org';
  if (schema.format === 'url') return 'https://example.org/';
  if (schema.minItems) return ['x'];
  if (schema.pattern !== undefined)
    return ['x', 'somebody', '#123456', '+441632960961', '1.00', 'USD'].find((text) =>
      new RegExp(schema.pattern as string).test(text),
    );
  return { string: 'x', integer: 1, number: 1, boolean: false, array: [], object: {} }[type ?? 'string'];
}
