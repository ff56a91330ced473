/** Waits for a condition that events bring about, for a time. */

/** Wakes all who wait; each looks for itself whether there is something for it. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * The first defined answer of `look`, asked at once and after each ring. Undefined when `milliseconds` pass first. An error
   * that `look` throws is thrown.
   */
  async until<T>(look: () => T | undefined, milliseconds: number): Promise<T | undefined> {
    const now = look();
    if (now !== undefined) return now;
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        settled();
      };
      const wake = () => {
        try {
          const found = look();
          if (found !== undefined) settle(() => resolve(found));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = setTimeout(() => settle(() => resolve(undefined)), milliseconds);
      this.#waiting.add(wake);
    });
  }
}
