import { Global, Module, type Provider, type Type } from '@nestjs/common';

import type { LiveView } from '../realtime/live-view.js';
import type { PersonalData } from './personal-data.js';

export interface ApiContext {
  /** The context's name: the first part of its commands' wire names. */
  readonly name: string;
  /** What its tags stand for in the API's document. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly controllers: readonly Type[];
  readonly queries: readonly Provider[];
  /** Bindings of ports that its contract declares: other contexts ask for them by their class. */
  readonly offers?: readonly Provider[];
  /** Gathers what it keeps of a person. */
  readonly personalData?: Type<PersonalData>;
  /** What streams tell of its events, or of another context's. */
  readonly live?: readonly LiveView[];
}

const contexts = new WeakMap<object, ApiContext>();

/** Makes a class the module of what a context serves over HTTP. */
export function ContextApiModule(context: ApiContext): ClassDecorator {
  return (target) => {
    contexts.set(target, context);
    const { controllers, queries, offers = [], personalData } = context;
    Module({
      controllers: [...controllers],
      providers: [...queries, ...offers, ...(personalData ? [personalData] : [])],
      exports: [...offers],
    })(target);
    if (offers.length > 0) Global()(target);
  };
}

/** What the tags of these contexts stand for. */
export const tagsOf = (modules: readonly Type[]): Readonly<Record<string, string>> =>
  Object.assign({}, ...modules.map((module) => apiContext(module).tags));

/** @throws TypeError when the class is not decorated with `@ContextApiModule` */
export function apiContext(module: Type): ApiContext {
  const context = contexts.get(module);
  if (!context) throw new TypeError(`${module.name} is no API module of a context: decorate it with @ContextApiModule`);
  return context;
}
