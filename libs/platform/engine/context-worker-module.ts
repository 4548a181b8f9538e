import { Module, type Provider, type Type } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';

import type { PolicyType, Projection } from '#kernel';

export interface WorkerContext {
  /** The context's name: the first part of its commands' wire names. */
  readonly name: string;
  readonly handlers: readonly Type<ICommandHandler>[];
  /** Inline and asynchronous ones. */
  readonly projections: readonly Projection[];
  /** What follows from events, this context's own and others'. */
  readonly policies?: readonly PolicyType[];
  /** Bindings of the context's ports. */
  readonly ports: readonly Provider[];
}

const contexts = new WeakMap<object, WorkerContext>();

/** Makes a class the module of what a context runs in the worker. */
export function ContextWorkerModule(context: WorkerContext): ClassDecorator {
  return (target) => {
    contexts.set(target, context);
    Module({ providers: [...context.handlers, ...context.ports] })(target);
  };
}

/** @throws TypeError when the class is not decorated with `@ContextWorkerModule` */
export function workerContext(module: Type): WorkerContext {
  const context = contexts.get(module);
  if (!context)
    throw new TypeError(`${module.name} is no worker module of a context: decorate it with @ContextWorkerModule`);
  return context;
}
