/** Stories that were begun and have not come to their end. */
export const openStories = new Set<object>();

/** @throws Error when there are any: a test that neither ends nor awaits its story could not fail */
export function assertNoOpenStories(): void {
  const count = openStories.size;
  openStories.clear();
  if (count > 0)
    throw new Error('a story was begun and not awaited: end it with then…(), and return or await what that gives');
}
