import type { ExecutionContext, PipeTransform, Type } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isObservable, lastValueFrom } from 'rxjs';

import type { AccessGuard, AccessRoute } from '../auth/access.guard.js';
import type { CommandInterceptor } from './command.interceptor.js';
import type { ConsistencyInterceptor } from './consistency.interceptor.js';
import type { DecodePipe } from './decode.pipe.js';
import type { ProblemFilter } from './problem.filter.js';
import type { ReadsRoute } from './reads.decorator.js';
import type { RequestScope } from './request-scope.js';
import type { ResourceInterceptor } from './resource.interceptor.js';
import type { SendsRoute } from './sends.decorator.js';

/** What happens around every route. */
export interface Surroundings {
  readonly guard: AccessGuard;
  readonly commands: CommandInterceptor;
  readonly consistency: ConsistencyInterceptor;
  readonly resources: ResourceInterceptor;
  readonly decoder: DecodePipe;
  readonly problems: ProblemFilter;
  readonly send: (reply: FastifyReply, result: unknown) => void;
}

/** One argument of a handler: where it comes from, and what it goes through. */
export interface Argument {
  readonly index: number;
  readonly from: 'body' | 'query' | 'param' | 'headers' | 'custom';
  readonly data?: string;
  readonly metatype?: Type;
  /** After the decoder. */
  readonly pipes: readonly PipeTransform[];
  /** Of a custom one. */
  readonly factory?: (data: unknown, context: ExecutionContext) => unknown;
}

type Handler = (...given: unknown[]) => unknown;

/**
 * A handler of a controller that is called from Fastify's own, with nothing between the two but what its route needs. What
 * happens is what Nest's chain would do, in the same order: guard, what comes before the handler, arguments, handler, what
 * comes after it, and the filter for whatever is thrown.
 */
export class DirectRoute {
  readonly #access: AccessRoute;
  readonly #sends: SendsRoute | undefined;
  readonly #follows: readonly string[] | undefined;
  readonly #reads: ReadsRoute | undefined;

  constructor(
    private readonly around: Surroundings,
    private readonly controller: object,
    private readonly handler: Handler,
    private readonly parameters: readonly Argument[],
    private readonly status: number,
  ) {
    this.#access = around.guard.routeOf(controller.constructor as Type, handler);
    this.#sends = around.commands.routeOf(handler);
    this.#follows = around.consistency.followedBy(handler);
    this.#reads = around.resources.routeOf(handler);
  }

  readonly handle = (request: FastifyRequest, reply: FastifyReply): void => {
    // As Nest's adapter has it: `/tasks/` is no task.
    const params = request.params as Readonly<Record<string, string>>;
    for (const name in params) if (params[name] === '') return reply.callNotFound();
    this.#run(request, reply).catch((error: unknown) => void reply.send(error));
  };

  async #run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      const { guard, commands, consistency, resources, send } = this.around;
      const admitted = guard.admit(this.#access, request, () => this.#context(request, reply));
      if (admitted) await admitted;
      const scope = request.scope as RequestScope;
      reply.code(this.status);
      if (this.#sends) commands.begin(this.#sends, scope);
      const waiting = this.#follows && consistency.wait(this.#follows, scope, reply);
      if (waiting) await waiting;
      const given = this.#arguments(request, reply);
      let result = await this.handler.apply(this.controller, given instanceof Promise ? await given : given);
      if (isObservable(result)) result = await lastValueFrom(result);
      if (this.#reads) result = resources.show(this.#reads, result as object, scope, reply);
      if (this.#sends) {
        result = commands.answer(this.#sends, result, reply);
        if (result instanceof Promise) result = await result;
      }
      send(reply, result);
    } catch (error) {
      this.around.problems.answer(error, request, reply);
    }
  }

  #arguments(request: FastifyRequest, reply: FastifyReply): unknown[] | Promise<unknown[]> {
    const given: unknown[] = [];
    let pending = false;
    for (const argument of this.parameters) {
      const value = this.#argument(argument, request, reply);
      given[argument.index] = value;
      pending ||= value instanceof Promise;
    }
    return pending ? Promise.all(given) : given;
  }

  #argument({ from, data, metatype, pipes, factory }: Argument, request: FastifyRequest, reply: FastifyReply): unknown {
    if (from === 'custom') return factory?.(data, this.#context(request, reply));
    if (from === 'headers') return data ? request.headers[data.toLowerCase()] : request.headers;
    const all = from === 'body' ? request.body : from === 'query' ? request.query : request.params;
    const value = data && from !== 'body' ? (all as Readonly<Record<string, unknown>>)[data] : all;
    const about = { type: from, metatype, data };
    return pipes.reduce<unknown>(
      (before, pipe) =>
        before instanceof Promise
          ? before.then((settled: unknown) => pipe.transform(settled, about) as unknown)
          : (pipe.transform(before, about) as unknown),
      this.around.decoder.transform(value, about),
    );
  }

  #context(request: FastifyRequest, reply: FastifyReply): ExecutionContextHost {
    return new ExecutionContextHost([request, reply], this.controller.constructor as Type, this.handler);
  }
}
