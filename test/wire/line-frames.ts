/** Frames of a small office for tests of lines, as hosts see them. */
import { decode } from '../../lab/wire/decode.ts';
import type { Card, SeenFrame } from '../../lab/wire/timeline.ts';
import { encodeFrame, type FrameFields } from './encode/frame.ts';
import { ADDRESSES, cardOf, type Host, MACS } from './made.ts';

export const CARDS: Card[] = [cardOf('alice'), cardOf('echo'), cardOf('bob')];
/** Milliseconds since the Unix epoch at which frame 1 was seen. */
export const BEGAN = 1_700_000_000_000;

type Layers = Omit<FrameFields, 'ethernet' | 'ipv4'>;
/** Fields over the usual ones, and who saw it where that is not both ends. */
interface More {
  ethernet?: Partial<NonNullable<FrameFields['ethernet']>>;
  ipv4?: Partial<NonNullable<FrameFields['ipv4']>>;
  by?: Host[];
}

/** A frame that nobody has seen yet. */
export interface Sent {
  fields: FrameFields;
  from: Host;
  by: Host[];
}

export function packet(from: Host, to: Host, layers: Layers, more: More = {}): Sent {
  return {
    fields: {
      ethernet: { source: MACS[from], destination: MACS[to], ...more.ethernet },
      ipv4: { source: ADDRESSES[from], destination: ADDRESSES[to], ...more.ipv4 },
      ...layers,
    },
    from,
    by: more.by ?? [from, to],
  };
}

export function segment(
  from: Host,
  to: Host,
  ports: [number, number],
  flags: number,
  {
    payload = '',
    by,
    ...tcp
  }: { payload?: string; by?: Host[] } & Partial<NonNullable<FrameFields['tcp']>> = {},
): Sent {
  const fields = { sourcePort: ports[0], destinationPort: ports[1], flags, ...tcp };
  return packet(from, to, { tcp: fields, payload: Buffer.from(payload) }, by ? { by } : {});
}

export function asks(from: Host, whom: Host | string, by: Host[] = ['alice', 'echo', 'bob']): Sent {
  const targetAddress = whom in ADDRESSES ? ADDRESSES[whom as Host] : whom;
  const arp = { operation: 1, senderMac: MACS[from], senderAddress: ADDRESSES[from], targetAddress };
  return { fields: { ethernet: { source: MACS[from], destination: 'ff:ff:ff:ff:ff:ff' }, arp }, from, by };
}

export function answers(from: Host, to: Host): Sent {
  const [senderMac, targetMac] = [MACS[from], MACS[to]];
  const arp = {
    operation: 2,
    senderMac,
    senderAddress: ADDRESSES[from],
    targetMac,
    targetAddress: ADDRESSES[to],
  };
  return { fields: { ethernet: { source: senderMac, destination: targetMac }, arp }, from, by: [from, to] };
}

/** An ICMP port-unreachable about a datagram that `to` sent. */
export function portUnreachable(from: Host, to: Host, ports: [number, number]): Sent {
  const about = encodeFrame({
    ipv4: { source: ADDRESSES[to], destination: ADDRESSES[from] },
    udp: { sourcePort: ports[0], destinationPort: ports[1] },
  });
  return packet(from, to, { icmp: { type: 3, code: 3 }, payload: about });
}

/** One frame after the other, a millisecond apart. */
export function timeline(...sent: Sent[]): SeenFrame[] {
  return sent.map(({ fields, from, by }, index) => ({
    number: index + 1,
    frame: decode(encodeFrame(fields)),
    sightings: by.map((host) => ({
      card: cardOf(host),
      number: index + 1,
      seconds: BEGAN / 1000,
      nanoseconds: index * 1_000_000 + (host === from ? 0 : 20_000),
      way: host === from ? ('out' as const) : ('in' as const),
    })),
  }));
}

export const [FIN, SYN, RST, PSH, ACK] = [1, 2, 4, 8, 16];
