/**
 * A captured frame and its layers, as everything above reads them. Each layer is where it begins and ends in the
 * frame's bytes, and its fields; addresses are literal (`10.50.1.10`, `02:6c:61:00:00:01`, lower case). decode.ts
 * makes them; the files named as the layers say how. A frame that is short or broken has the layers that are whole,
 * and says in `trouble` what is missing.
 */

/** One record of a capture: when the kernel stamped it, and the bytes that were kept. */
export interface Captured {
  /** Unix time: whole seconds, and nanoseconds within. */
  seconds: number;
  nanoseconds: number;
  bytes: Uint8Array;
  /** Bytes on the wire: more than `bytes.length` where the capture cut the frame short. */
  length: number;
  /** Which of the capture's interfaces it was seen on, from 0. */
  card: number;
  /** What it begins with (link-types.ts); absent for Ethernet. */
  linkType?: number;
  /** Where the capture says so: whether it left that card or came to it, and what was noted about it. */
  way?: 'out' | 'in';
  comment?: string;
}

/** Where a layer's header lies in the frame: `start` inclusive, `end` exclusive. */
interface Header {
  readonly start: number;
  readonly end: number;
}

/** IEEE 802.3. */
export interface Ethernet extends Header {
  readonly kind: 'ethernet';
  readonly destination: string;
  readonly source: string;
  /** The type of what follows, `0x0800`; of the last tag where there are tags, below 1536 a length. */
  readonly type: number;
}

/** IEEE 802.1Q, outermost first. */
export interface Vlan extends Header {
  readonly kind: 'vlan';
  readonly id: number;
  readonly priority: number;
  readonly dropEligible: boolean;
  readonly type: number;
}

/** BSD loopback: the address family of what follows, as the capturing system numbers it. */
export interface Loopback extends Header {
  readonly kind: 'loopback';
  readonly family: number;
}

/** Linux "cooked" captures, version 1 (SLL) and 2 (SLL2): of the card `any`, or of a card without a header. */
export interface Cooked extends Header {
  readonly kind: 'cooked';
  readonly version: 1 | 2;
  /** 0 to this host, 1 broadcast, 2 multicast, 3 to another host, 4 sent by this host. */
  readonly packetType: number;
  /** ARPHRD of the card. */
  readonly hardware: number;
  /** The sender's, where it is a MAC address. */
  readonly source?: string;
  /** An Ethernet type, or below 1536 a number of Linux's own. */
  readonly protocol: number;
  /** Of version 2: the card's number on that machine. */
  readonly interfaceIndex?: number;
}

/** What the radio said of an 802.11 frame, before it. */
export interface Radiotap extends Header {
  readonly kind: 'radiotap';
  /** A frame check sequence of four bytes ends the frame. */
  readonly fcs: boolean;
  /** The 802.11 header is filled up to a multiple of four bytes. */
  readonly padded: boolean;
}

/** IEEE 802.11: the header of a management (type 0), control (1) or data (2) frame. */
export interface Wireless extends Header {
  readonly kind: 'wireless';
  readonly type: number;
  readonly subtype: number;
  /** Whose frame it is, and whom it is for; a control frame may have no sender. */
  readonly source?: string;
  readonly destination?: string;
  /** What it carries is encrypted. */
  readonly encrypted: boolean;
}

/** IEEE 802.2, with SNAP where both access points are 0xaa. */
export interface Llc extends Header {
  readonly kind: 'llc';
  readonly dsap: number;
  readonly ssap: number;
  readonly control: number;
  /** SNAP: the organisation, and its protocol; an Ethernet type where the organisation is 0. */
  readonly oui?: number;
  readonly protocol?: number;
}

/** A bridge's message of the spanning tree, IEEE 802.1D. */
export interface Stp extends Header {
  readonly kind: 'stp';
  /** 0 STP, 2 RSTP, 3 MSTP. */
  readonly version: number;
  /** 0 configuration, 2 RST or MST, 128 topology change. */
  readonly bpdu: number;
  /** Priority and MAC, `32768/02:00:00:00:00:0a`; not of a topology change. */
  readonly root?: string;
  readonly cost?: number;
  readonly bridge?: string;
  readonly port?: number;
}

/** RFC 2516. */
export interface Pppoe extends Header {
  readonly kind: 'pppoe';
  /** 0 in a session; 9 PADI, 7 PADO, 0x19 PADR, 0x65 PADS, 0xa7 PADT. */
  readonly code: number;
  readonly session: number;
  readonly length: number;
}

/** RFC 1661, in the framing of RFC 1662 where the address and control bytes are there. */
export interface Ppp extends Header {
  readonly kind: 'ppp';
  readonly protocol: number;
}

/** What may stand before a packet other than Ethernet and its tags. */
export type Link = Loopback | Cooked | Radiotap | Wireless | Llc | Stp | Pppoe | Ppp;

/** RFC 826, for Ethernet and IPv4. */
export interface Arp extends Header {
  readonly kind: 'arp';
  /** 1 asks, 2 answers; 3 and 4 do so in RARP (RFC 903), 8 and 9 in InARP (RFC 2390). */
  readonly operation: number;
  readonly senderMac: string;
  readonly senderAddress: string;
  readonly targetMac: string;
  readonly targetAddress: string;
}

/** RFC 791. */
export interface Ipv4 extends Header {
  readonly kind: 'ipv4';
  readonly source: string;
  readonly destination: string;
  readonly dscp: number;
  readonly ecn: number;
  readonly totalLength: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** Bytes. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly checksum: number;
  readonly checksumRight: boolean;
  readonly options: readonly Option[];
}

/** RFC 8200; `start` to `end` is the fixed header, extension headers follow it. */
export interface Ipv6 extends Header {
  readonly kind: 'ipv6';
  readonly source: string;
  readonly destination: string;
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly extensions: readonly Extension[];
  /** What is carried after the extension headers; 59 for nothing. */
  readonly protocol: number;
  /** Of the fragment header (RFC 8200 section 4.5); 0 and false without one. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
}

export interface Extension extends Header {
  readonly kind: 'extension';
  /** The protocol number that names this header: 0 hop-by-hop, 43 routing, 44 fragment, 60 destination. */
  readonly protocol: number;
}

/** RFC 792. `about` is the datagram that an error is about, decoded as far as it was sent back. */
export interface Icmp extends Header {
  readonly kind: 'icmp';
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /** Echo and echo reply. */
  readonly identifier?: number | undefined;
  readonly sequence?: number | undefined;
  /** Fragmentation needed (RFC 1191). */
  readonly mtu?: number | undefined;
  readonly about?: About | undefined;
}

/** RFC 4443; ND of RFC 4861, MLD of RFC 2710 and RFC 3810. */
export interface Icmpv6 extends Header {
  readonly kind: 'icmpv6';
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  readonly identifier?: number | undefined;
  readonly sequence?: number | undefined;
  readonly mtu?: number | undefined;
  /** Neighbour solicitation and advertisement; the group of MLDv1. */
  readonly target?: string | undefined;
  /** The link-layer address in an option of ND. */
  readonly mac?: string | undefined;
  readonly about?: About | undefined;
}

/** What an ICMP error quotes of the packet that caused it. */
export interface About {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Where the quoted bytes have them. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** RFC 768. */
export interface Udp extends Header {
  readonly kind: 'udp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Header and data. */
  readonly length: number;
  readonly checksum: number;
}

/** RFC 9293. */
export interface Tcp extends Header {
  readonly kind: 'tcp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Bits as in the header: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG, 64 ECE, 128 CWR. */
  readonly flags: number;
  /** As sent: not scaled. */
  readonly window: number;
  readonly checksum: number;
  readonly urgent: number;
  readonly options: readonly TcpOption[];
}

/** An option as it lies in the header. */
export interface Option {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** MSS, window scale (RFC 7323), SACK permitted, SACK blocks (RFC 2018), time stamps; others by number. */
export interface TcpOption extends Option {
  readonly mss?: number;
  readonly scale?: number;
  readonly sack?: readonly { from: number; to: number }[];
  readonly timestamp?: { value: number; echo: number };
}

export type Layer = Ethernet | Vlan | Link | Arp | Ipv4 | Ipv6 | Extension | Icmp | Icmpv6 | Udp | Tcp;

export interface Trouble {
  /** The layer that could not be read: `tcp`; `frame` where only the capture cut it short. */
  layer: string;
  /** Offset in the frame, from 0, at which what is missing would begin. */
  at: number;
  /** In words: `the header is 20 bytes, 12 are there`. */
  missing: string;
}

export interface Frame {
  readonly bytes: Uint8Array;
  /** On the wire. */
  readonly length: number;
  /** Outermost first; each is also under its name. */
  readonly layers: readonly Layer[];
  /** What it begins with: link-types.ts. */
  readonly linkType: number;
  readonly ethernet?: Ethernet;
  readonly vlans: readonly Vlan[];
  /** Outermost first. */
  readonly links: readonly Link[];
  readonly arp?: Arp;
  readonly ipv4?: Ipv4;
  readonly ipv6?: Ipv6;
  /** Whichever of the two is there. */
  readonly ip?: Ipv4 | Ipv6;
  readonly icmp?: Icmp;
  readonly icmpv6?: Icmpv6;
  readonly udp?: Udp;
  readonly tcp?: Tcp;
  /** What the last header carries, without Ethernet's padding: `start` inclusive, `end` exclusive. */
  readonly payload: { readonly start: number; readonly end: number };
  /** Bytes of the payload on the wire, as the headers say: more than it has where the capture cut it short. */
  readonly carried: number;
  readonly trouble?: Trouble | undefined;
}
