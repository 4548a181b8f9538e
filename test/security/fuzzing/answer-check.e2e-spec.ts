import { describe, expect, it } from '@jest/globals';

import type { HttpAnswer } from '#testing/http-client.js';

import { ApiDocument, type OpenApi, type Operation, type Schema } from '../api-document.js';
import { AnswerCheck } from './answer-check.js';

const text: Schema = { type: 'string' };
const problem = { $ref: '#/components/schemas/Problem' };
const correlation = { 'X-Correlation-Id': { schema: text } };

const api: OpenApi = {
  paths: {
    '/pots/{pot_id}': {
      get: {
        security: [{ bearer: [] }],
        responses: {
          200: {
            headers: { ...correlation, ETag: { schema: { type: 'string', pattern: '^"\\d+"$' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Pot' } } },
          },
          204: { headers: correlation },
          401: { headers: correlation, content: { 'application/problem+json': { schema: problem } } },
          404: { headers: correlation, content: { 'application/problem+json': { schema: problem } } },
          503: {
            headers: { ...correlation, 'Retry-After': { schema: { type: 'integer' } } },
            content: { 'application/problem+json': { schema: problem } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Pot: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'lid'],
        properties: { id: { type: 'string', format: 'uuid' }, lid: { type: ['boolean', 'null'] } },
      } as Schema,
      Problem: {
        type: 'object',
        additionalProperties: false,
        required: ['status', 'reason'],
        properties: { status: { type: 'integer' }, reason: text },
      } as Schema,
    },
  },
};

const document = new ApiDocument(api);
const operation = document.operations[0] as Operation;
const check = new AnswerCheck(document);

const pot = { id: '0196a1de-0000-7000-8000-000000000001', lid: null };
const ofType = (type: string, more: Readonly<Record<string, string>> = {}) => ({ 'content-type': type, ...more });

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, body, text: body === undefined ? '' : JSON.stringify(body), headers };
}

const problemAnswer = (status: number, body: object = { status, reason: 'r' }, more = {}): HttpAnswer =>
  answer(status, body, ofType('application/problem+json', more));

describe('The fuzzer (A31)', () => {
  it.each([
    ['a body that fits', answer(200, pot, ofType('application/json; charset=utf-8', { etag: '"3"' }))],
    ['no body where none is described', answer(204, undefined)],
    ['a problem that fits', problemAnswer(404)],
    ['an unavailable server', problemAnswer(503, undefined, { 'retry-after': '2' })],
    ['a path that is no route', problemAnswer(404, { status: 404, reason: 'route_not_found' })],
    ['a method that is not there', problemAnswer(405, undefined, { allow: 'GET' })],
  ])('A31: finds no fault with %s', (_, given) => {
    expect(check.faults(operation, given)).toEqual([]);
  });

  it.each<[string, HttpAnswer, string]>([
    ['an error of the server', problemAnswer(500), '500 is an error of the server'],
    ['a status that is not described', problemAnswer(409), '409 is not described for GET /pots/{pot_id}'],
    ['a success that is not described', answer(202, pot, ofType('application/json')), '202 is not described'],
    ['a field that is missing', answer(200, { id: pot.id }, ofType('application/json')), "required property 'lid'"],
    ['a field of another type', answer(200, { ...pot, lid: 'no' }, ofType('application/json')), '/lid must be boolean'],
    [
      'a field of another format',
      answer(200, { ...pot, id: '1' }, ofType('application/json')),
      '/id must match format',
    ],
    ['a field too many', answer(200, { ...pot, key: 1 }, ofType('application/json')), 'additional properties'],
    ['another media type', answer(200, pot, ofType('text/html')), '200 is text/html, which is not described'],
    ['no media type', answer(200, undefined), '200 is of no type'],
    ['a body where none is described', answer(204, pot, ofType('application/json')), '204 has a body'],
    ['an error that is no problem', answer(404, {}, ofType('application/json')), '404 is a problem, but is'],
    ['a problem that lacks a member', problemAnswer(404, { status: 404 }), "required property 'reason'"],
    ['a problem with another status', problemAnswer(404, { status: 400, reason: 'r' }), 'the problem says 400'],
    ['a refusal that does not say how to get in', problemAnswer(401), '401 comes without www-authenticate'],
    ['an outage that does not say how long', problemAnswer(503), '503 comes without retry-after'],
    ['a header that is not described', problemAnswer(404, undefined, { etag: '"1"' }), 'etag, which is not described'],
    ['a header of another form', answer(200, pot, ofType('application/json', { etag: '3' })), 'the etag does not fit'],
    ['a wrong method that names no other', problemAnswer(405), '405 comes without allow'],
  ])('A31: finds fault with %s', (_, given, fault) => {
    expect(check.faults(operation, given).join('\n')).toContain(fault);
  });
});
