/**
 * Turns calls that happen together into one: `work` gets the arguments of all calls made in the same turn of the event
 * loop, at most `most` at a time, and answers them in the same order.
 */
export function coalesce<A, R>(
  work: (calls: readonly A[]) => Promise<readonly R[]>,
  most = 1000,
): (call: A) => Promise<R> {
  let pending: { call: A; resolve: (result: R) => void; reject: (error: unknown) => void }[] = [];

  const flush = async (calls: typeof pending): Promise<void> => {
    try {
      const results = await work(calls.map(({ call }) => call));
      calls.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  };

  return (call) =>
    new Promise<R>((resolve, reject) => {
      if (pending.push({ call, resolve, reject }) > 1) return;
      setImmediate(() => {
        const calls = pending;
        pending = [];
        for (let start = 0; start < calls.length; start += most) void flush(calls.slice(start, start + most));
      });
    });
}
