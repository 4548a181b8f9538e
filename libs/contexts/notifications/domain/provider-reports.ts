/** What a provider's word means for a notification; undefined when it changes nothing. */
export const reported = (providerStatus: string): 'delivered' | 'failed' | undefined => fates.get(providerStatus);

const fates: ReadonlyMap<string, 'delivered' | 'failed'> = new Map([
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
]);
