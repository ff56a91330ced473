/** Looks whether a host's own side saw a host or a conversation, and for the nearest events: the work of `toHaveSeen`. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { HostEvent } from '../agent/protocol.ts';
import { isFrom, nearest, type Sought, showEvent } from '../expectations/sighting.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { Host } from './host.ts';
import { internals } from './internals.ts';

/** A conversation, as its client knows it: a connection, a socket, or the result of a client's call. */
export interface Seeable {
  transport: 'tcp' | 'udp';
  local: Endpoint;
  remote?: Endpoint | undefined;
  opened: number;
}

export interface SeenOptions {
  /** The kind of event. The default is an accepted connection, or anything received. */
  event?: string;
  /** Exactly this text was in it. */
  text?: string;
  /** Milliseconds in which the event must come, or with `not` must not come. */
  within?: number;
}

export interface Sighting {
  seen: HostEvent | undefined;
  expected: string;
  /** The event, or the nearest ones where there is none. */
  found: string;
  /** Why the absence of the event is not certain: events are missing. */
  unsure?: string;
}

/** Looks for a host by any of its addresses; for a conversation by both addresses and ports, since it was opened. */
export async function look(
  by: Host,
  whom: Host | Seeable,
  options: SeenOptions,
  within: number,
): Promise<Sighting> {
  const kinds = kindsOf(whom, options);
  const uncertainty = (by[internals].clock?.uncertainty() ?? 0) / 1e6;
  const sought = soughtIn(whom, options, kinds[0]!, uncertainty);
  const passes = (event: HostEvent) => kinds.some((kind) => isFrom(event, { ...sought, event: kind }));
  const seen = await by.events.first(passes, { within });
  const expected = describe(sought, kinds, whom);
  if (seen) return { seen, expected, found: showEvent(seen) };
  const found = nearest(by.events.all(), sought);
  const missing = by.events.missing(sought.since);
  if (missing === 0) return { seen, expected, found };
  const unsure = `${missing} events of ${by.name} are missing: they came faster than they could be read or kept`;
  return { seen, expected, found, unsure };
}

function kindsOf(whom: Host | Seeable, { event, text }: SeenOptions): string[] {
  if (event !== undefined) return [event];
  if (text !== undefined) return ['receive'];
  if (whom instanceof Host) return ['accept', 'receive'];
  return [whom.transport === 'tcp' ? 'accept' : 'receive'];
}

/** The times of the events may be wrong by so many milliseconds. */
function soughtIn(whom: Host | Seeable, { text }: SeenOptions, event: string, uncertainty: number): Sought {
  const host = whom instanceof Host;
  return {
    event,
    peer: host ? whom.allAddresses.map((address) => ({ address })) : [whom.local],
    peerPort: undefined,
    local: host ? undefined : whom.remote,
    since: host ? 0 : whom.opened - uncertainty,
    text,
    bytes: undefined,
  };
}

function describe({ peer, local, text }: Sought, kinds: string[], whom: Host | Seeable): string {
  const from = peer.map(({ address, port }) =>
    port === undefined ? address : showEndpoint({ address, port }),
  );
  const who = whom instanceof Host ? `${whom.name} (${from.join(', ')})` : from.join(', ');
  const what = text === undefined ? '' : ` ${JSON.stringify(text)}`;
  return `${kinds.join(' or ')}${what} from ${who}${local ? ` at ${showEndpoint(local)}` : ''}`;
}
