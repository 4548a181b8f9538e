/** Makes one thing a name, the first time it is asked for: asking again allocates nothing. The names must be few. */
export function remembered<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    let known = made.get(name);
    if (known === undefined) made.set(name, (known = make(name)));
    return known;
  };
}
