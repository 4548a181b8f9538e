const minute = 60_000;
const pauses = [1, 5, 15].map((minutes) => minutes * minute);

/** How long it takes until the next attempt, in milliseconds, after so many retries. */
export const retryPause = (retryCount: number): number => pauses[Math.min(retryCount, pauses.length - 1)] as number;
