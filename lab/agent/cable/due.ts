/** A queue by time: the earliest entry leaves first; of equal times, the one that was added first (a binary heap). */

interface Entry<T> {
  number: number;
  what: T;
}

export class Due<T extends { due: number }> {
  readonly #heap: Entry<T>[] = [];
  #number = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next one is due; Infinity where there is none. */
  get next(): number {
    return this.#heap[0]?.what.due ?? Number.POSITIVE_INFINITY;
  }

  add(what: T): void {
    const heap = this.#heap;
    const entry = { number: this.#number++, what };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (before(heap[parent]!, entry)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Makes entries due later by so many milliseconds: those for which `later` is true. */
  delay(by: number, later: (what: T) => boolean): void {
    for (const { what } of this.#heap) if (later(what)) what.due += by;
    // A sorted array is a heap.
    this.#heap.sort((one, other) => (before(one, other) ? -1 : 1));
  }

  take(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first?.what;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below += 1;
      if (before(last, heap[below]!)) break;
      heap[place] = heap[below]!;
      place = below;
    }
    heap[place] = last;
    return first.what;
  }
}

function before(one: Entry<{ due: number }>, other: Entry<{ due: number }>): boolean {
  return one.what.due < other.what.due || (one.what.due === other.what.due && one.number < other.number);
}
