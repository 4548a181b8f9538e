/** @throws Error when the environment has no such variable */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: the benchmark starts its peers itself (npm run bench)`);
  return value;
}

/** Tells the benchmark that there is somebody to measure, and ends with it. */
export function announceReady(): void {
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}
