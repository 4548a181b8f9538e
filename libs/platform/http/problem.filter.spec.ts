import { describe, expect, it } from '@jest/globals';
import {
  ForbiddenException,
  HttpException,
  Logger,
  NotFoundException,
  UnauthorizedException,
  type ArgumentsHost,
} from '@nestjs/common';

import { AlreadyExists, InvalidMessage } from '#kernel';

import { CommitRefused, DatabaseUnavailable, OutcomeUnknown } from '../database/errors.js';
import { AllowedMethods } from './allowed-methods.js';
import { ProblemFilter } from './problem.filter.js';
import { Problem } from './problem.js';

/** As much of a reply as the filter uses. */
class RecordedReply {
  sent = false;
  statusCode = 0;
  readonly headers: Record<string, string> = {};
  body: Record<string, unknown> = {};

  header(name: string, value: string): this {
    this.headers[name.toLowerCase()] = value;
    return this;
  }
  status(status: number): this {
    this.statusCode = status;
    return this;
  }
  type(type: string): this {
    return this.header('content-type', type);
  }
  send(text: string): this {
    this.sent = true;
    this.body = JSON.parse(text) as Record<string, unknown>;
    return this;
  }
}

const routes = new AllowedMethods();
routes.add('/api/v1/tasks', ['GET', 'HEAD', 'POST']);
routes.add('/api/v1/tasks/:task_id/start', 'POST');

function answerTo(thrown: unknown, reply = new RecordedReply(), more: object = {}): RecordedReply {
  const request = { url: '/api/v1/tasks?limit=1', scope: { correlationId: 'c1' }, ...more };
  const host = { switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }) };
  Logger.overrideLogger(false);
  new ProblemFilter(routes).catch(thrown, host as unknown as ArgumentsHost);
  return reply;
}

describe('An error', () => {
  it('is answered with a problem document', () => {
    const { headers, body } = answerTo(new AlreadyExists('a'));
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ status: 409, code: 'CONFLICT', reason: 'already_exists', correlation_id: 'c1' });
  });

  it.each([
    [new InvalidMessage([{ pointer: '/a', reason: 'is_int', message: 'a must be a number' }]), 400, 'is_int'],
    [new Problem({ code: 'NOT_FOUND', reason: 'task_not_found', detail: 'd' }), 404, 'task_not_found'],
    [new DatabaseUnavailable(), 503, 'database_unavailable'],
    [Object.assign(new Error('shutdown'), { severity: 'FATAL', code: '57P01' }), 503, 'database_unavailable'],
    [new OutcomeUnknown(new Error('cut')), 503, 'outcome_unknown'],
    [new CommitRefused('the server answered ROLLBACK'), 503, 'database_busy'],
    [Object.assign(new Error('deadlock detected'), { severity: 'ERROR', code: '40P01' }), 503, 'database_busy'],
    [new UnauthorizedException(), 401, 'unauthorized'],
    [new ForbiddenException(), 403, 'forbidden'],
    [new NotFoundException(), 404, 'not_found'],
    [Object.assign(new Error('too large'), { statusCode: 413 }), 413, 'payload_too_large'],
    [Object.assign(new Error('which type'), { statusCode: 415 }), 415, 'unsupported_media_type'],
    [new HttpException('teapot', 418), 400, 'validation_error'],
  ])('%s is %i, %s', (error, status, reason) => {
    const reply = answerTo(error);
    expect([reply.statusCode, reply.body.status, reply.body.reason]).toEqual([status, status, reason]);
  });

  it('points at each field that is at fault', () => {
    const violations = [{ pointer: '/a', reason: 'is_int', message: 'a must be a number' }];
    expect(answerTo(new InvalidMessage(violations)).body.errors).toEqual(violations);
  });

  it('of our own keeps what it says to itself', () => {
    for (const error of [new Error('secret'), new HttpException('secret', 500), 'secret', { secret: 1 }]) {
      const reply = answerTo(error);
      expect(reply.statusCode).toBe(500);
      expect(JSON.stringify(reply.body)).not.toContain('secret');
    }
  });

  it('is answered even when nothing was thrown', () => {
    for (const nothing of [undefined, null]) expect(answerTo(nothing).statusCode).toBe(500);
  });

  it('says how to authenticate, and when to try again', () => {
    expect(answerTo(new UnauthorizedException()).headers['www-authenticate']).toBe('Bearer');
    expect(answerTo(new DatabaseUnavailable()).headers['retry-after']).toBe('2');
  });

  it('after the answer changes nothing', () => {
    const reply = new RecordedReply();
    reply.sent = true;
    expect(answerTo(new Error('late'), reply).statusCode).toBe(0);
  });
});

describe('A request that no route takes', () => {
  const answer = (method: string, url: string): RecordedReply =>
    answerTo(new NotFoundException(), new RecordedReply(), { method, url, is404: true });

  it('has a path that does not exist', () => {
    const { statusCode, headers, body } = answer('GET', '/api/v1/nothing');
    expect([statusCode, body.reason, headers.allow]).toEqual([404, 'route_not_found', undefined]);
  });

  it('has a method that its path does not have, and is told which there are', () => {
    const { statusCode, headers, body } = answer('DELETE', '/api/v1/tasks?limit=1');
    expect([statusCode, body.code, body.reason]).toEqual([405, 'METHOD_NOT_ALLOWED', 'method_not_allowed']);
    expect(headers.allow).toBe('GET, HEAD, POST');
    expect(body.detail).toContain('GET, HEAD, POST are');
    expect(answer('GET', '/api/v1/tasks/7/start').body.detail).toContain('POST is');
  });
});

describe('An error after a command was sent', () => {
  const id = '0196a1de-0000-7000-8000-00000000000a';
  const answer = (command: object): RecordedReply =>
    answerTo(new DatabaseUnavailable(), new RecordedReply(), { scope: { correlationId: 'c1', status: 201, command } });

  it('says where to find what becomes of it', () => {
    const { statusCode, headers, body } = answer({ id, sent: true });
    expect(statusCode).toBe(503);
    expect([headers['command-id'], headers.location]).toEqual([id, `/api/v1/commands/${id}`]);
    expect(body).toMatchObject({ command_id: id, links: { self: `/api/v1/commands/${id}` } });
  });

  it('has its own status, whatever the answer was going to have', () => {
    const scope = { correlationId: 'c1', status: 201 };
    answerTo(new DatabaseUnavailable(), new RecordedReply(), { scope });
    expect(scope.status).toBeUndefined();
  });

  it('says nothing of a command that was not', () => {
    const { headers, body } = answer({ id });
    expect([headers['command-id'], headers.location, body.command_id]).toEqual([undefined, undefined, undefined]);
  });
});

describe('A request with ten thousand faults', () => {
  it('is told of fifty', () => {
    const violations = Array.from({ length: 10_000 }, (_, n) => ({
      pointer: `/n${n}`,
      reason: 'field_unknown',
      message: `n${n} is not a field of this request`,
    }));
    const { body } = answerTo(new InvalidMessage(violations));
    expect(body.errors).toEqual(violations.slice(0, 50));
    expect(body.detail).toBe('10000 fields are not as they must be');
  });
});
