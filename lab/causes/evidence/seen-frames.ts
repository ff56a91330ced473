/** The packets of the step, and the answers to them, in the captures of the step. */
import type { Endpoint } from '../../agent/endpoint.ts';
import type { StepContext, WireView } from '../../outcomes/context.ts';
import { isGroupMac } from '../../wire/address.ts';
import type { Frame } from '../../wire/frame.ts';
import type { SeenFrame } from '../../wire/timeline.ts';

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];
/** RFC 4861 sections 4.3 and 4.4; echo request and reply of RFC 792 and RFC 4443. */
const SOLICITATION = 135;
export const ADVERTISEMENT = 136;
const ECHOES = { icmp: [8, 0], icmpv6: [128, 129] };

/** A packet to look for; ports are 0 where any fits, or there are none. */
export interface Sought {
  transport: 'tcp' | 'udp' | 'icmp';
  from: Endpoint;
  to: Endpoint;
}

export interface CapturedFrames {
  frames: readonly SeenFrame[];
  /** Whether this host captured. */
  captured(host: string): boolean;
  /** Resolves when all frames that were sent have arrived at these hosts; false where a capture missed some. */
  settled(hosts: readonly string[]): Promise<boolean>;
  packets(sought: Sought): SeenFrame[];
  /** The questions of `sender` for the MAC of `target`. */
  questions(sender: string, target: string): SeenFrame[];
}

export function seenFrames({ wire }: StepContext): CapturedFrames | undefined {
  if (!wire) return undefined;
  return seenOn(wire);
}

function seenOn(wire: WireView): CapturedFrames {
  const barriers = new Map<string, Promise<boolean>>();
  return {
    get frames() {
      return wire.frames();
    },
    captured: (host) => wire.cards.some((card) => card.host === host),
    settled(hosts) {
      const key = hosts.toSorted().join(' ');
      const passed =
        barriers.get(key) ?? wire.barrier(hosts).then(({ incomplete }) => incomplete === undefined);
      barriers.set(key, passed);
      return passed;
    },
    packets: (sought) => wire.frames().filter((one) => fits(one, sought)),
    questions: (sender, target) => wire.frames().filter(({ frame }) => asks(frame, sender, target)),
  };
}

type Bare = Pick<SeenFrame, 'frame'>;

/** Whether a frame asks for the MAC of any host. */
export function isQuestion({ frame }: SeenFrame): boolean {
  return frame.arp?.operation === 1 || frame.icmpv6?.type === SOLICITATION;
}

/** Whether a frame of `sender` asks for the MAC of `target` (RFC 826, RFC 4861 section 4.3). */
export function asks({ arp, ip, icmpv6 }: Frame, sender: string, target: string): boolean {
  if (arp) return arp.operation === 1 && arp.senderAddress === sender && arp.targetAddress === target;
  return icmpv6?.type === SOLICITATION && ip?.source === sender && icmpv6.target === target;
}

export function fits({ frame }: Bare, { transport, from, to }: Sought): boolean {
  const layer = frame[transport === 'icmp' && frame.icmpv6 ? 'icmpv6' : transport];
  if (!layer || frame.ip?.source !== from.address || frame.ip.destination !== to.address) return false;
  if (layer.kind === 'icmp' || layer.kind === 'icmpv6') return ECHOES[layer.kind].includes(layer.type);
  return isPort(from.port, layer.sourcePort) && isPort(to.port, layer.destinationPort);
}

function isPort(wanted: number, found: number): boolean {
  return wanted === 0 || wanted === found;
}

export function leftFrom(one: SeenFrame, host: string): boolean {
  return one.sightings.some(({ card, way }) => card.host === host && way === 'out');
}

/** Whether a frame left the host on this network, for one of these MACs or for a group. */
export function leftBy(
  { frame, sightings }: SeenFrame,
  host: string,
  network: string,
  macs: readonly string[],
): boolean {
  const to = frame.ethernet?.destination;
  const left = sightings.some(
    ({ card, way }) => card.host === host && card.network === network && way === 'out',
  );
  return left && to !== undefined && (macs.includes(to) || isGroupMac(to));
}

export function cameTo(one: SeenFrame, host: string): boolean {
  return one.sightings.some(({ card, way }) => card.host === host && way === 'in');
}

/** `SYN`, `segment`, `datagram`, `echo request` */
export function nameOf({ frame }: Bare): string {
  if (frame.arp) return frame.arp.operation === 1 ? 'ARP request' : 'ARP reply';
  if (frame.tcp) return segmentName(frame.tcp.flags);
  if (frame.icmpv6?.type === SOLICITATION) return 'neighbour solicitation';
  if (frame.icmpv6?.type === ADVERTISEMENT) return 'neighbour advertisement';
  const echo = frame.icmp ?? frame.icmpv6;
  if (echo) return echo.type === ECHOES[echo.kind][0] ? 'echo request' : 'echo reply';
  return 'datagram';
}

function segmentName(flags: number): string {
  const named = [
    [SYN, 'SYN'],
    [RST, 'RST'],
    [FIN, 'FIN'],
  ] as const;
  const name = named.find(([bit]) => flags & bit)?.[1] ?? 'segment';
  return name === 'SYN' && flags & ACK ? 'SYN+ACK' : name;
}

/** Whether a packet asks the peer for more than an acknowledgement. */
export function asksForAnswer({ frame }: SeenFrame): boolean {
  const { tcp, payload } = frame;
  return tcp === undefined || (tcp.flags & SYN) !== 0 || payload.end > payload.start;
}

/** Whether a segment acknowledges something, and does nothing else. */
export function isBareAck(one: SeenFrame): boolean {
  const flags = one.frame.tcp?.flags ?? 0;
  return (flags & ACK) !== 0 && (flags & (FIN | RST)) === 0 && !asksForAnswer(one);
}

export function isReset({ frame }: SeenFrame): boolean {
  return frame.tcp !== undefined && (frame.tcp.flags & RST) !== 0;
}
