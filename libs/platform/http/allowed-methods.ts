import { pathOf } from './request-path.js';

/** Which methods each path has, so that a wrong one can be told from a path that does not exist (RFC 9110, section 15.5.6). */
export class AllowedMethods {
  readonly #routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];

  /** @param pattern a path with `:name` for segments that vary */
  add(pattern: string, methods: string | readonly string[]): void {
    if (pattern.includes('*')) return;
    const path = pattern
      .split('/')
      .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    this.#routes.push({ path: new RegExp(`^${path}$`), methods: [methods].flat() });
  }

  /** Empty when there is no such path. */
  of(url: string): readonly string[] {
    const concrete = pathOf({ url });
    return [
      ...new Set(this.#routes.filter(({ path }) => path.test(concrete)).flatMap(({ methods }) => methods)),
    ].sort();
  }
}
