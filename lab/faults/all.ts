/** Calls to several hosts at once, of which none is still under way when one has failed: what is undone then stays undone. */

/** As Promise.all, but rejects only when every call is over. */
export async function all<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
