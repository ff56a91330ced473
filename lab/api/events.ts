/** The events of a host's program and of its listeners, for a test. */

import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import type { HostEvent } from '../agent/protocol.ts';
import type { EventLog } from '../live/events.ts';

/** The wanted event: every value that is given must be equal. Or a function that returns true for the event. */
export type EventMatch =
  | ((event: HostEvent) => boolean)
  | {
      event?: string;
      transport?: 'tcp' | 'udp';
      text?: string;
      bytes?: number;
      peer?: Partial<Endpoint>;
      local?: Partial<Endpoint>;
    };

const WITHIN = 5000;

/**
 * Iterating gives every event, past and to come, until the lab is down. An event `dropped` with a `count` stands in place
 * of events that are missing.
 */
export class Events implements AsyncIterable<HostEvent> {
  readonly #log: EventLog;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** All events so far, in order. */
  all(match: EventMatch = {}): HostEvent[] {
    return this.#log.all(testOf(match));
  }

  /** The first event, past or to come; undefined where none has come after `within` milliseconds. */
  first(
    match: EventMatch = {},
    { within = WITHIN }: { within?: number } = {},
  ): Promise<HostEvent | undefined> {
    return this.#log.first(testOf(match), patient(within));
  }

  /**
   * The number of events that are missing since then (milliseconds since the Unix epoch). They came faster than they could
   * be read, or more came than are kept (50,000). Where the number is not 0, the absence of an event is not certain.
   */
  missing(since = 0): number {
    return this.#log.missing(since);
  }

  [Symbol.asyncIterator](): AsyncGenerator<HostEvent, void, undefined> {
    return this.#log[Symbol.asyncIterator]();
  }
}

function testOf(match: EventMatch): (event: HostEvent) => boolean {
  if (typeof match === 'function') return match;
  const { peer, local, ...plain } = match;
  return (event) =>
    Object.entries(plain).every(([key, value]) => value === undefined || event[key] === value) &&
    isAt(event.peer, peer) &&
    isAt(event.local, local);
}

function isAt(found: Endpoint | undefined, wanted: Partial<Endpoint> | undefined): boolean {
  if (!wanted) return true;
  return (
    found !== undefined &&
    (wanted.address === undefined || wanted.address === found.address) &&
    (wanted.port === undefined || wanted.port === found.port)
  );
}
