/**
 * One connection, seen on both sides of a NAT (RFC 3022): two conversations that have one end in common, and begin with
 * the same SYN. The common end sends and receives only the frames of the conversation on its own side. The address that
 * the NAT puts in place of the other end has no state: the NAT itself has no TCP socket there.
 */
import type { Conversation, Endpoint, Side } from './conversation.ts';

/** Notes in each conversation which of its ends have no state by its frames. They are in order of their first frames. */
export function noteTranslated(conversations: readonly Conversation[]): void {
  const begun = conversations.filter((one) => one.begun);
  const sides: Side[] = ['client', 'server'];
  for (const side of sides) {
    const same = Map.groupBy(begun, (one) => `${nameOf(one[side])} ${initial(one)}`);
    for (const sightings of same.values()) {
      // The first sighting of a client's SYN is nearest to the client, the last is nearest to the server.
      const [fromFirst, toLast] = [sightings.slice(1), sightings.slice(0, -1)];
      const [beyond, stands] = side === 'client' ? [fromFirst, toLast] : [toLast, fromFirst];
      for (const one of beyond) one.beyond = [...(one.beyond ?? []), side];
      for (const one of stands) one.beyond = [...(one.beyond ?? []), side === 'client' ? 'server' : 'client'];
    }
  }
}

function nameOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

/** The sequence number of the SYN on the wire. */
function initial({ segments }: Conversation): number {
  return segments[0]!.seen.frame.tcp!.sequence;
}
