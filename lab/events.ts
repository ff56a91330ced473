/** What a host's own side has said, in order: the events of its program and of its agent's listeners. */
import type { HostEvent } from './agent/protocol.ts';

type Test = (event: HostEvent) => boolean;

export class EventLog {
  readonly #limit: number;
  readonly #events: HostEvent[] = [];
  readonly #waiting = new Set<(event: HostEvent) => void>();

  /** Beyond `limit` the oldest go. */
  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  append(event: HostEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#limit) this.#events.splice(0, this.#limit / 10);
    for (const wake of [...this.#waiting]) wake(event);
  }

  all(test: Test = () => true): HostEvent[] {
    return this.#events.filter(test);
  }

  /** The first event, past or to come, that passes; undefined when none has after so many milliseconds. */
  async first(test: Test, within: number): Promise<HostEvent | undefined> {
    const past = this.#events.find(test);
    if (past) return past;
    return new Promise((resolve) => {
      const settle = (event: HostEvent | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(event);
      };
      const wake = (event: HostEvent) => {
        if (test(event)) settle(event);
      };
      const timer = setTimeout(settle, within, undefined);
      this.#waiting.add(wake);
    });
  }
}
