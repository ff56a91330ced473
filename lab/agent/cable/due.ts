/** A queue by time: the earliest entry leaves first; of equal times, the one that was added first (a binary heap). */

interface Entry<T> {
  at: number;
  number: number;
  what: T;
}

export class Due<T> {
  readonly #heap: Entry<T>[] = [];
  #number = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next one is due; Infinity where there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: number, what: T): void {
    const heap = this.#heap;
    const entry = { at, number: this.#number++, what };
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

function before(one: Entry<unknown>, other: Entry<unknown>): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number);
}
