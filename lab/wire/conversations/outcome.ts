/** How a conversation ended, in a word or two. */
import { isGroupAddress, isGroupMac } from '../address.ts';
import { icmpv6Word, icmpWord } from '../icmp-words.ts';
import { RST } from '../tcp.ts';
import type { SeenFrame } from '../timeline.ts';
import type { Note, Segment } from './conversation.ts';
import type { Followed } from './follow.ts';
import type { Listed } from './listed.ts';

/** Protocols in which one side asks and the other answers. */
const ANSWERED: readonly string[] = ['udp', 'icmp', 'icmpv6', 'arp'];

/** Empty where no answer is expected, for example to a frame for a group. */
export function outcomeOf({ protocol, ends, frames }: Omit<Listed, 'ended'>, followed: Followed): string {
  const segments = frames.map((seen) => followed.of(seen)).filter((one) => one !== undefined);
  if (segments.length > 0) return ofTcp(segments, errorIn(frames));
  const error = errorIn(frames);
  if (error !== undefined) return error;
  const [{ address: first }, { address: second }] = ends;
  if (!ANSWERED.includes(protocol) || first === second || isGroup(second)) return '';
  return frames.some(({ frame }) => senderOf(frame) === second) ? 'answered' : 'no answer';
}

function ofTcp(segments: readonly Segment[], error: string | undefined): string {
  const has = (note: Note) => segments.some(({ notes }) => notes.includes(note));
  if (has('refused')) return 'refused';
  if (has('closed')) return 'closed';
  if (segments.some(({ flags }) => flags & RST)) return 'reset';
  const closing = new Set(segments.filter(({ notes }) => notes.includes('FIN')).map(({ from }) => from));
  if (closing.size > 0) return closing.size === 2 ? 'closing' : 'half-closed';
  if (error !== undefined) return error;
  const { begun } = segments[0]!.conversation;
  return begun && segments.every(({ from }) => from === 'client') ? 'no answer' : 'open';
}

/** The last ICMP error: `port-unreachable`. */
function errorIn(frames: readonly SeenFrame[]): string | undefined {
  const error = frames.findLast(
    ({ frame: { icmp, icmpv6 } }) => (icmp?.about ?? icmpv6?.about) !== undefined,
  );
  if (!error) return undefined;
  const { icmp, icmpv6 } = error.frame;
  if (icmp) return icmpWord(icmp.type, icmp.code) ?? `icmp ${icmp.type} ${icmp.code}`;
  return icmpv6Word(icmpv6!.type, icmpv6!.code) ?? `icmpv6 ${icmpv6!.type} ${icmpv6!.code}`;
}

/** The sender of a frame. In neighbour discovery the target: the source may be a link-local address of the same host. */
function senderOf({ ip, arp, icmpv6 }: SeenFrame['frame']): string | undefined {
  return icmpv6?.type === 136 ? icmpv6.target : (ip?.source ?? arp?.senderAddress);
}

function isGroup(address: string): boolean {
  return address.split(':').length === 6 ? isGroupMac(address) : isGroupAddress(address);
}
