/**
 * A captured frame and its layers, as all other code reads them. Each layer has its begin and its end in the frame's
 * bytes, and its fields. Addresses are literal (`10.50.1.10`, `02:6c:61:00:00:01`, lower case). decode.ts makes the
 * layers; the file with the name of a layer has its fields. A frame that is short or broken has the layers that are
 * whole, and says in `trouble` what is missing.
 */
import type { Arp } from './arp.ts';
import type { Ethernet } from './ethernet.ts';
import type { Extension } from './extension.ts';
import type { Icmp } from './icmp.ts';
import type { Icmpv6 } from './icmpv6.ts';
import type { Igmp } from './igmp.ts';
import type { Ipv4 } from './ipv4.ts';
import type { Ipv6 } from './ipv6.ts';
import type { Cooked } from './links/cooked.ts';
import type { Llc } from './links/llc.ts';
import type { Loopback } from './links/loopback.ts';
import type { Ppp, Pppoe } from './links/ppp.ts';
import type { Radiotap } from './links/radiotap.ts';
import type { Stp } from './links/stp.ts';
import type { Wireless } from './links/wireless.ts';
import type { Tcp } from './tcp.ts';
import type { Trouble } from './trouble.ts';
import type { Udp } from './udp.ts';
import type { Vlan } from './vlan.ts';

export type { IcmpQuote } from './icmp-quote.ts';
export type { Option } from './options.ts';
export type { TcpOption } from './tcp-options.ts';
export type {
  Arp,
  Cooked,
  Ethernet,
  Extension,
  Icmp,
  Icmpv6,
  Igmp,
  Ipv4,
  Ipv6,
  Llc,
  Loopback,
  Ppp,
  Pppoe,
  Radiotap,
  Stp,
  Tcp,
  Trouble,
  Udp,
  Vlan,
  Wireless,
};

/** One record of a capture: when the kernel stamped it, and the bytes that were kept. */
export interface Captured {
  /** Unix time: whole seconds, and nanoseconds within. */
  seconds: number;
  nanoseconds: number;
  bytes: Uint8Array;
  /** Bytes on the wire: more than `bytes.length` where the capture cut the frame short. */
  length: number;
  /** The interface of the capture on which it was seen, from 0. */
  card: number;
  /** The type of its link (link-types.ts); absent for Ethernet. */
  linkType?: number;
  /** Where the capture has them: whether the frame left this card or came to it, and a comment on it. */
  way?: 'out' | 'in';
  comment?: string;
}

/** The links before a packet, other than Ethernet and its tags. */
export type Link = Loopback | Cooked | Radiotap | Wireless | Llc | Stp | Pppoe | Ppp;

export type Layer = Ethernet | Vlan | Link | Arp | Ipv4 | Ipv6 | Extension | Icmp | Icmpv6 | Igmp | Udp | Tcp;

export interface Frame {
  readonly bytes: Uint8Array;
  /** On the wire. */
  readonly length: number;
  /** Outermost first; each layer also has a field of its name. */
  readonly layers: readonly Layer[];
  /** The type of its link: link-types.ts. */
  readonly linkType: number;
  readonly ethernet?: Ethernet;
  readonly vlans: readonly Vlan[];
  /** Outermost first. */
  readonly links: readonly Link[];
  readonly arp?: Arp;
  readonly ipv4?: Ipv4;
  readonly ipv6?: Ipv6;
  /** The one of the two that is there. */
  readonly ip?: Ipv4 | Ipv6;
  readonly icmp?: Icmp;
  readonly icmpv6?: Icmpv6;
  readonly igmp?: Igmp;
  readonly udp?: Udp;
  readonly tcp?: Tcp;
  /** The content after the last header, without Ethernet's padding: `start` inclusive, `end` exclusive. */
  readonly payload: { readonly start: number; readonly end: number };
  /** Bytes of the payload on the wire, by the headers: more than in `payload` where the capture cut the frame short. */
  readonly carried: number;
  readonly trouble?: Trouble | undefined;
}
