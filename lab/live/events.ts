/** The log of a host's events, in order: those of its program and of its agent's listeners. */
import type { HostEvent } from '../agent/protocol.ts';
import type { LabError } from '../errors.ts';

type Test = (event: HostEvent) => boolean;

/** An event, and the place from which to look for later ones. */
interface Found {
  event: HostEvent;
  place: number;
}

export class EventLog {
  readonly #limit: number;
  readonly #events: HostEvent[] = [];
  readonly #waiting = new Set<(event: HostEvent | undefined) => void>();
  /** The number of events that have gone, so that a reader keeps its place. */
  #gone = 0;
  /** The event that stands for those that have gone. */
  #before: HostEvent | undefined;
  #ended = false;
  #lost: LabError | undefined;

  /** Beyond `limit` the oldest go, and an event `dropped` with their `count` stands in their place. */
  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  append(event: HostEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#limit) this.#drop(Math.ceil(this.#limit / 10));
    for (const wake of [...this.#waiting]) wake(event);
  }

  #drop(count: number): void {
    const gone = this.#events.splice(0, count);
    this.#gone += gone.length;
    const { time } = gone.at(-1)!;
    this.#before = { time, event: DROPPED, count: countOf(this.#before) + gone.length + droppedIn(gone) };
  }

  /** No more events will come: the callers that wait are told so. */
  end(): void {
    this.#ended = true;
    for (const wake of [...this.#waiting]) wake(undefined);
  }

  /** The machine of the host is gone: no event of later than now, or of shortly before, has come. */
  lose(reason: LabError): void {
    this.#lost ??= reason;
    this.end();
  }

  /** Why no more events can come; undefined where they can. */
  get lost(): LabError | undefined {
    return this.#lost;
  }

  all(test: Test = () => true): HostEvent[] {
    return [...(this.#before ? [this.#before] : []), ...this.#events].filter(test);
  }

  /**
   * The number of events since then (milliseconds since the Unix epoch) that are missing, because nobody read them in
   * time or the log was full. Above 0, no event counts as absent. The number may include some earlier events.
   */
  missing(since: number): number {
    const late = ({ time }: HostEvent) => !(Date.parse(time) < since);
    return droppedIn(this.all(late));
  }

  /** The first event, past or to come, that passes; as in `next`. */
  async first(test: Test, within: number, until?: AbortSignal): Promise<HostEvent | undefined> {
    return (await this.next(test, 0, within, until))?.event;
  }

  /**
   * The first event from this place on (0 for all), past or to come, that passes. Undefined where there is none within
   * so many milliseconds, or before `until` is aborted.
   */
  async next(test: Test, from: number, within: number, until?: AbortSignal): Promise<Found | undefined> {
    const start = Math.max(0, from - this.#gone);
    for (let index = start; index < this.#events.length; index++) {
      const event = this.#events[index]!;
      if (test(event)) return { event, place: this.#gone + index + 1 };
    }
    if (this.#ended || until?.aborted) return undefined;
    return new Promise((resolve) => {
      const settle = (found: Found | undefined) => {
        clearTimeout(timer);
        until?.removeEventListener('abort', giveUp);
        this.#waiting.delete(wake);
        resolve(found);
      };
      const giveUp = () => settle(undefined);
      const wake = (event: HostEvent | undefined) => {
        if (!event) settle(undefined);
        else if (test(event)) settle({ event, place: this.#gone + this.#events.length });
      };
      const timer = setTimeout(settle, within, undefined);
      until?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(wake);
    });
  }

  /** Every event, past and to come, until the log ends. A slow reader gets `dropped` in place of those that it missed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<HostEvent, void, undefined> {
    for (let next = 0; ; ) {
      if (next < this.#gone) {
        const missed = this.#gone - next;
        next = this.#gone;
        yield { ...this.#before!, count: missed };
      }
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

/** The event that programs and agents send in place of events that nobody read in time. */
const DROPPED = 'dropped';

function countOf(event: HostEvent | undefined): number {
  if (event?.event !== DROPPED) return 0;
  return typeof event.count === 'number' ? event.count : 1;
}

function droppedIn(events: readonly HostEvent[]): number {
  return events.reduce((sum, event) => sum + countOf(event), 0);
}
