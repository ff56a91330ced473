/** What captures of the step show of the packets that it sent and of those that should have answered. */
import type { Endpoint } from '../agent/protocol.ts';
import type { StepContext, WireView } from '../outcomes/context.ts';
import type { SeenFrame } from '../wire/timeline.ts';

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];

/** One packet of the conversation; ports are 0 where any fits, or there are none. */
export interface Sought {
  transport: 'tcp' | 'udp' | 'icmp';
  from: Endpoint;
  to: Endpoint;
}

export interface Seen {
  frames: readonly SeenFrame[];
  /** Whether this host captured. */
  captured(host: string): boolean;
  /** Resolves when everything that was sent has arrived at these hosts; false where not all of it was captured. */
  settled(hosts: readonly string[]): Promise<boolean>;
  packets(sought: Sought): SeenFrame[];
  /** Questions for the MAC of an address. */
  questions(sender: string, target: string): SeenFrame[];
}

export function seenFrames({ wire }: StepContext): Seen | undefined {
  if (!wire) return undefined;
  return seenOn(wire);
}

function seenOn(wire: WireView): Seen {
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
    questions: (sender, target) =>
      wire.frames().filter(({ frame: { arp } }) => {
        return arp?.operation === 1 && arp.senderAddress === sender && arp.targetAddress === target;
      }),
  };
}

function fits({ frame }: SeenFrame, { transport, from, to }: Sought): boolean {
  const layer = frame[transport];
  if (!layer || frame.ip?.source !== from.address || frame.ip.destination !== to.address) return false;
  if (layer.kind === 'icmp') return layer.type === 8 || layer.type === 0;
  return isPort(from.port, layer.sourcePort) && isPort(to.port, layer.destinationPort);
}

function isPort(wanted: number, found: number): boolean {
  return wanted === 0 || wanted === found;
}

export function leftFrom(one: SeenFrame, host: string): boolean {
  return one.sightings.some(({ card, way }) => card.host === host && way === 'out');
}

export function cameTo(one: SeenFrame, host: string): boolean {
  return one.sightings.some(({ card, way }) => card.host === host && way === 'in');
}

/** `SYN`, `segment`, `datagram`, `echo request` */
export function nameOf({ frame }: SeenFrame): string {
  if (frame.arp) return 'ARP request';
  if (frame.tcp) return segmentName(frame.tcp.flags);
  if (frame.icmp) return frame.icmp.type === 8 ? 'echo request' : 'echo reply';
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

export function isReset({ frame }: SeenFrame): boolean {
  return frame.tcp !== undefined && (frame.tcp.flags & RST) !== 0;
}
