import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import type { HttpAnswer } from '#testing/http-client.js';

import type { ApiDocument, DocumentedAnswer, OpenApi, Operation, Schema } from '../api-document.js';

/** Answers to what never reached an operation: the server, the router or a method that is not there gave them. */
const outsideOfOperations: readonly number[] = [405, 408, 431];
const reasonsOutside: readonly string[] = ['route_not_found', 'malformed_url', 'malformed_request'];

/** Headers that say something about a command or a resource, or what to do next. */
const told: readonly string[] = [
  'x-correlation-id',
  'command-id',
  'location',
  'etag',
  'preference-applied',
  'retry-after',
  'www-authenticate',
];

/** Headers without which an answer of that status is of no use. */
const needed: Readonly<Record<number, readonly string[]>> = {
  202: ['command-id', 'location'],
  401: ['www-authenticate'],
  405: ['allow'],
};

const documentId = 'https://contextflow.example/openapi.json';
const problemType = 'application/problem+json';

/** Holds answers against what the API says of itself. */
export class AnswerCheck {
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: ApiDocument) {
    this.#ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(this.#ajv);
    const { paths, components }: OpenApi = document.json;
    this.#ajv.addVocabulary(['paths', 'components']);
    this.#ajv.addSchema({ $id: documentId, paths, components });
  }

  /** One sentence for each thing that is wrong with the answer. */
  faults(operation: Operation, answer: HttpAnswer): string[] {
    const { status, headers, text } = answer;
    const type = headers['content-type']?.split(';')[0];
    const isProblem = type === problemType;
    const faults: string[] = [];
    if (status >= 500 && status !== 503) faults.push(`${status} is an error of the server`);
    if (status >= 400 && status < 500 && !isProblem) faults.push(`${status} is a problem, but is ${type}`);
    if (isProblem) faults.push(...this.#problemFaults(answer));
    for (const name of tellsOfEach(answer) ? [] : (needed[status] ?? []))
      if (headers[name] === undefined) faults.push(`${status} comes without ${name}`);
    if (status === 503 && isProblem && headers['retry-after'] === undefined)
      faults.push('503 comes without retry-after');
    if (isOutside(answer)) return faults;

    const documented = operation.answers[status];
    if (!documented) return [...faults, `${status} is not described for ${operation.name}`];
    faults.push(...this.#headerFaults(operation, documented, answer));
    if (!documented.content) return text === '' ? faults : [...faults, `${status} has a body, but none is described`];
    if (type === undefined || !documented.content[type])
      return [...faults, `${status} is ${type ?? 'of no type'}, which is not described for ${operation.name}`];
    const pointer = ['paths', operation.path, operation.method.toLowerCase(), 'responses', String(status)];
    return [...faults, ...this.#schemaFaults([...pointer, 'content', type, 'schema'], answer.body, 'body')];
  }

  #problemFaults({ status, body }: HttpAnswer): string[] {
    const faults = this.#schemaFaults(['components', 'schemas', 'Problem'], body, 'problem');
    const said = (body as { readonly status?: unknown } | undefined)?.status;
    return said === status ? faults : [...faults, `the problem says ${String(said)}, the answer ${status}`];
  }

  #headerFaults(
    operation: Operation,
    { headers = {} }: DocumentedAnswer,
    { status, headers: given }: HttpAnswer,
  ): string[] {
    const described = new Map(
      Object.entries(headers).map(([name, header]) => [name.toLowerCase(), { name, ...header }]),
    );
    return told.flatMap((header) => {
      const value = given[header];
      if (value === undefined) return [];
      const known = described.get(header);
      if (!known) return [`${status} of ${operation.name} comes with ${header}, which is not described`];
      const pointer = ['paths', operation.path, operation.method.toLowerCase(), 'responses', String(status), 'headers'];
      return this.#schemaFaults([...pointer, known.name, 'schema'], read(String(value), known.schema), header);
    });
  }

  #schemaFaults(pointer: readonly string[], value: unknown, what: string): string[] {
    const reference = `${documentId}#/${pointer.map(escaped).join('/')}`;
    let validate = this.#validators.get(reference);
    if (!validate) this.#validators.set(reference, (validate = this.#ajv.compile({ $ref: reference })));
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `the ${what} does not fit ${pointer.at(-1)}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  }
}

function isOutside({ status, body }: HttpAnswer): boolean {
  const reason = (body as { readonly reason?: string } | undefined)?.reason ?? '';
  return outsideOfOperations.includes(status) || reasonsOutside.includes(reason);
}

/** It is about several commands, and names each in its body. */
const tellsOfEach = ({ status, body }: HttpAnswer): boolean =>
  status === 202 && Array.isArray((body as { readonly items?: unknown } | undefined)?.items);

/** Headers are text; a number among them is read. */
const read = (value: string, { type }: Schema): unknown =>
  (type === 'integer' || type === 'number') && /^-?\d+$/.test(value) ? Number(value) : value;

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
