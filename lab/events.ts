/** What a host's own side has said, in order: the events of its program and of its agent's listeners. */
import type { HostEvent } from './agent/protocol.ts';

type Test = (event: HostEvent) => boolean;

export class EventLog {
  readonly #limit: number;
  readonly #events: HostEvent[] = [];
  readonly #waiting = new Set<(event: HostEvent | undefined) => void>();
  /** How many have gone, so that a reader keeps its place. */
  #gone = 0;
  #ended = false;

  /** Beyond `limit` the oldest go. */
  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  append(event: HostEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#limit) this.#gone += this.#events.splice(0, this.#limit / 10).length;
    for (const wake of [...this.#waiting]) wake(event);
  }

  /** Nothing more will come: who waits is told so. */
  end(): void {
    this.#ended = true;
    for (const wake of [...this.#waiting]) wake(undefined);
  }

  all(test: Test = () => true): HostEvent[] {
    return this.#events.filter(test);
  }

  /**
   * The first event, past or to come, that passes; undefined when none has after so many milliseconds, or by the
   * time it is no longer waited for.
   */
  async first(test: Test, within: number, until?: AbortSignal): Promise<HostEvent | undefined> {
    const past = this.#events.find(test);
    if (past || this.#ended || until?.aborted) return past;
    return new Promise((resolve) => {
      const settle = (event: HostEvent | undefined) => {
        clearTimeout(timer);
        until?.removeEventListener('abort', giveUp);
        this.#waiting.delete(wake);
        resolve(event);
      };
      const giveUp = () => settle(undefined);
      const wake = (event: HostEvent | undefined) => {
        if (!event || test(event)) settle(event);
      };
      const timer = setTimeout(settle, within, undefined);
      until?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(wake);
    });
  }

  /** Every event, past and to come, until the log ends. A slow reader misses those that have gone meanwhile. */
  async *[Symbol.asyncIterator](): AsyncGenerator<HostEvent, void, undefined> {
    for (let next = 0; ; ) {
      next = Math.max(next, this.#gone);
      const event = this.#events[next - this.#gone];
      if (event) {
        next++;
        yield event;
      } else if (this.#ended) return;
      else await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}
