import { currentName, eventNamed, eventType, olderNames, type PolicyType } from '#kernel';

/** The policies of all contexts that a process serves. */
export class Policies {
  readonly #byName = new Map<string, PolicyType>();
  readonly #byContext = new Map<string, Map<string, PolicyType[]>>();

  /** @throws TypeError when two policies on one event have one name, or one stands in another context than its name says */
  constructor(contexts: readonly { readonly name: string; readonly policies: readonly PolicyType[] }[]) {
    for (const { name: context, policies } of contexts)
      for (const policy of policies) {
        const { name } = eventType(policy.event);
        if (this.#byName.has(`${policy.name} ${name}`))
          throw new TypeError(`there are two policies called ${policy.name} on ${name}`);
        if (!policy.name.startsWith(`${context}.`))
          throw new TypeError(`${policy.name} is listed by ${context}: a policy's name begins with its context`);
        this.#byName.set(`${policy.name} ${name}`, policy);
        const types = this.#byContext.get(context) ?? new Map<string, PolicyType[]>();
        types.set(name, [...(types.get(name) ?? []), policy]);
        this.#byContext.set(context, types);
      }
  }

  get contexts(): readonly string[] {
    return [...this.#byContext.keys()];
  }

  /** Wire names of the events that a context reacts to: those that its policies name, and what became of them. */
  types(context: string): readonly string[] {
    const names = [...(this.#byContext.get(context)?.keys() ?? [])];
    return names.flatMap((name) => [name, ...olderNames(name)]);
  }

  /** Whether this release knows events of that wire name, in this or a newer version. */
  knows(type: string): boolean {
    return eventNamed(currentName(type)) !== undefined;
  }

  /** The context's policies on events of that wire name. */
  of(context: string, type: string): readonly PolicyType[] {
    return this.#byContext.get(context)?.get(currentName(type)) ?? [];
  }

  /** The policy of that name on events of that wire name. */
  named(name: string, type: string): PolicyType | undefined {
    return this.#byName.get(`${name} ${currentName(type)}`);
  }
}
