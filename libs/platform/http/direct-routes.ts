import { HttpStatus, Injectable, RequestMethod, type PipeTransform, type Type } from '@nestjs/common';
import {
  CUSTOM_ROUTE_ARGS_METADATA,
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  METHOD_METADATA,
  PARAMTYPES_METADATA,
  PATH_METADATA,
  PIPES_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  ROUTE_ARGS_METADATA,
  SSE_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal.js';
import { ApplicationConfig, DiscoveryService, HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyReply, RouteOptions } from 'fastify';

import { AccessGuard } from '../auth/access.guard.js';
import { CommandInterceptor } from './command.interceptor.js';
import { ConsistencyInterceptor } from './consistency.interceptor.js';
import { DecodePipe } from './decode.pipe.js';
import { DirectRoute, type Argument, type Surroundings } from './direct-route.js';
import { ProblemFilter } from './problem.filter.js';
import { ResourceInterceptor } from './resource.interceptor.js';

type Handler = (...given: unknown[]) => unknown;

interface Config {
  readonly direct?: DirectRoute;
}

interface Parameter {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes?: readonly (Type<PipeTransform> | PipeTransform)[];
  readonly schema?: unknown;
  readonly factory?: Argument['factory'];
}

const sources: Readonly<Partial<Record<string, Argument['from']>>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'param',
  [RouteParamtypes.HEADERS]: 'headers',
};

/** Whatever else a method or its class may ask of Nest's chain. */
const asksForMore = [
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  SSE_METADATA,
];

/** Has requests answered without Nest's chain where a route asks for nothing that this does not know (ADR 19). */
@Injectable()
export class DirectRoutes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly config: ApplicationConfig,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** To be called before Nest hands the routes to Fastify, together with the configuration that their handlers carry. */
  prepare(): void {
    const around = this.#surroundings();
    if (!around) return;
    for (const wrapper of this.discovery.getControllers()) {
      if (!wrapper.instance || !wrapper.isDependencyTreeStatic()) continue;
      const prototype = Object.getPrototypeOf(wrapper.instance) as Readonly<Record<string, Handler>>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const direct = directRoute(around, wrapper, name);
        if (!direct) continue;
        const handler = prototype[name] as Handler;
        const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as object | undefined;
        Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...config, direct } satisfies Config, handler);
      }
    }
  }

  /** Puts a direct route in the place of the handler that Nest has made, if there is one. */
  static take(route: RouteOptions): void {
    const { direct } = (route.config ?? {}) as Config;
    if (direct) route.handler = direct.handle;
  }

  /** Undefined when something global stands around the routes that this does not know. */
  #surroundings(): Surroundings | undefined {
    const { config } = this;
    const [guard, decoder, problems] = [
      only(config.getGlobalGuards(), AccessGuard),
      only(config.getGlobalPipes(), DecodePipe),
      only(config.getGlobalFilters(), ProblemFilter),
    ];
    const [commands, consistency, resources, ...others] = config.getGlobalInterceptors();
    const perRequest = [
      config.getGlobalRequestFilters(),
      config.getGlobalRequestGuards(),
      config.getGlobalRequestInterceptors(),
      config.getGlobalRequestPipes(),
      config.getGlobalPreRequestHooks(),
    ];
    if (!guard || !decoder || !problems || others.length > 0 || perRequest.some(({ length }) => length > 0))
      return undefined;
    if (!(commands instanceof CommandInterceptor) || !(consistency instanceof ConsistencyInterceptor)) return undefined;
    if (!(resources instanceof ResourceInterceptor)) return undefined;
    const send = (reply: FastifyReply, result: unknown): void => void this.adapter.httpAdapter.reply(reply, result);
    return { guard, commands, consistency, resources, decoder, problems, send };
  }
}

function only<T>(all: readonly unknown[], type: Type<T>): T | undefined {
  const [one, ...others] = all;
  return one instanceof type && others.length === 0 ? one : undefined;
}

/** Undefined for what is no route, or asks for more. */
function directRoute(around: Surroundings, wrapper: InstanceWrapper, name: string): DirectRoute | undefined {
  const controller = wrapper.instance as Readonly<Record<string, Handler>>;
  const type = controller.constructor;
  const handler = controller[name] as Handler;
  if (!Reflect.hasMetadata(PATH_METADATA, handler)) return undefined;
  if (asksForMore.some((key) => Reflect.hasMetadata(key, handler) || Reflect.hasMetadata(key, type))) return undefined;
  const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Readonly<Record<string, Parameter>>;
  const types = (Reflect.getMetadata(PARAMTYPES_METADATA, controller, name) ?? []) as readonly Type[];
  const parameters = Object.entries(given).map(([key, parameter]) => argument(key, parameter, types, wrapper));
  if (!parameters.every((parameter) => parameter !== undefined)) return undefined;
  const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
  const usual = method === RequestMethod.POST ? HttpStatus.CREATED : HttpStatus.OK;
  const status = (Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined) ?? usual;
  return new DirectRoute(around, controller, handler, parameters, status);
}

/** @param key the kind of parameter, and its place */
function argument(
  key: string,
  { index, data, pipes = [], schema, factory }: Parameter,
  types: readonly Type[],
  { host }: InstanceWrapper,
): Argument | undefined {
  const custom = key.includes(CUSTOM_ROUTE_ARGS_METADATA);
  const from = custom ? 'custom' : sources[key.split(':', 1)[0] as string];
  // A part of a body, and what pipes make of something custom, stay with Nest.
  if (!from || schema || (from === 'body' && data !== undefined) || (custom && pipes.length > 0)) return undefined;
  if (!custom && data !== undefined && typeof data !== 'string') return undefined;
  const instances = pipes.map((pipe) => (typeof pipe === 'function' ? host?.injectables.get(pipe)?.instance : pipe));
  if (!instances.every((pipe) => pipe !== undefined)) return undefined;
  return { index, from, data: data as string, metatype: types[index], pipes: instances as PipeTransform[], factory };
}
