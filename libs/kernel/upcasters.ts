type Data = Readonly<Record<string, unknown>>;

interface Upcaster {
  readonly to: string;
  readonly change: (data: Data) => Data;
}

const upcasters = new Map<string, Upcaster>();

/**
 * Says how a stored event of one version is read as the next. Stands beside the class of the newer version; the log keeps
 * what was written.
 * @param from wire name, `<noun>.<past_participle>.v<n>`
 * @param to the same with n + 1
 * @param change a pure function from wire form to wire form
 * @throws TypeError when the versions do not follow one another, or there is one already
 */
export function upcaster(from: string, to: string, change: (data: Data) => Data): void {
  const [, noun, version] = /^([a-z_]+\.[a-z_]+)\.v(\d+)$/.exec(from) ?? [];
  if (!noun || to !== `${noun}.v${Number(version) + 1}`)
    throw new TypeError(`an upcaster leads from one version of an event to the next, not from ${from} to ${to}`);
  if (upcasters.has(from)) throw new TypeError(`there are two upcasters from ${from}`);
  upcasters.set(from, { to, change });
}

/** A stored event as the newest version that this release knows. */
export function upcast(type: string, data: Data): { readonly type: string; readonly data: Data } {
  const step = upcasters.get(type);
  return step ? upcast(step.to, step.change(data)) : { type, data };
}

/** The wire name that events of this one are read as. */
export function currentName(type: string): string {
  const step = upcasters.get(type);
  return step ? currentName(step.to) : type;
}

/** The wire names of older versions that are read as this one. */
export const olderNames = (type: string): readonly string[] =>
  [...upcasters.keys()].filter((name) => name !== type && currentName(name) === type);
