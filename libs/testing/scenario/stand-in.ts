import { inspect } from 'node:util';

import type { Provider, Type } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';

/**
 * Holds the place of a port for one of a test's doubles. One that is given by its class is made anew for each run, though
 * the handlers that asked for the port are not.
 */
export class StandIn {
  readonly token: Type;
  #made: object | undefined;

  constructor(private readonly double: Provider) {
    this.token = tokenOf(double);
    const type = this.#type;
    if (type && type.length > 0 && !Reflect.hasMetadata('design:paramtypes', type))
      throw new Error(`decorate ${type.name} with @Injectable(), so that Nest knows what its constructor asks for`);
  }

  /** What a factory makes lives as long as the app. */
  get renewable(): boolean {
    return typeof this.double === 'function' || !('useFactory' in this.double);
  }

  /** Whether it would stand in for that one too. */
  serves(other: Provider): boolean {
    const { double } = this;
    if (typeof double === 'function' || typeof other === 'function') return double === other;
    return (['provide', 'useClass', 'useValue', 'useFactory'] as const).every(
      (key) => double[key as keyof typeof double] === other[key as keyof typeof other],
    );
  }

  override(builder: TestingModuleBuilder): void {
    const { double } = this;
    const override = builder.overrideProvider(this.token);
    if (this.#type) override.useValue(this.#forwarding());
    else if ('useValue' in double) override.useValue((this.#made = double.useValue as object));
    else if ('useFactory' in double) {
      const factory = async (...parts: unknown[]): Promise<unknown> =>
        (this.#made = (await double.useFactory(...parts)) as object);
      override.useFactory({ factory, inject: double.inject });
    } else throw new Error(`the double of ${nameOf(this.token)} is an alias: give it by class, factory or value`);
  }

  async renew(make: (type: Type<object>) => Promise<object>): Promise<void> {
    if (this.#type) this.#made = await make(this.#type);
  }

  /** The double's visible state: its fields and what its getters answer. */
  get shows(): string {
    const made = this.#made;
    if (typeof made !== 'object') return inspect(made);
    const shown: Record<string, unknown> = { ...made };
    for (let type: unknown = Object.getPrototypeOf(made); type && type !== Object.prototype;) {
      for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(type)))
        if (property.get) shown[name] = Reflect.get(type, name, made);
      type = Object.getPrototypeOf(type);
    }
    return `${nameOf(this.token)}: ${inspect(shown, { depth: 8, maxArrayLength: null, maxStringLength: null })}`;
  }

  get #type(): Type<object> | undefined {
    if (typeof this.double === 'function') return this.double as Type<object>;
    return 'useClass' in this.double ? (this.double.useClass as Type<object>) : undefined;
  }

  #forwarding(): object {
    return new Proxy(
      {},
      {
        get: (_, name) => {
          const made = this.#made;
          const value: unknown = made && Reflect.get(made, name, made);
          return typeof value === 'function' ? (value.bind(made) as unknown) : value;
        },
        set: (_, name, value) => this.#made !== undefined && Reflect.set(this.#made, name, value),
        getPrototypeOf: () => this.#type?.prototype as object,
      },
    );
  }
}

export const tokenOf = (provider: Provider): Type =>
  typeof provider === 'function' ? provider : (provider.provide as Type);

export const nameOf = (token: Type): string => token.name ?? String(token);
