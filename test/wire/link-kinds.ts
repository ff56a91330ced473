/** The link types that are read, each as what it puts before a packet. */
import { LINK } from '../../lab/wire/link-types.ts';
import { dot3, LINK_MACS, loopback, ppp, pppoe, radiotap, sll, sll2, snap, wireless } from './link-bytes.ts';

const { alice, echo, ap } = LINK_MACS;

export interface LinkKind {
  name: string;
  linkType: number;
  /** Puts what the link type needs before a packet of this Ethernet type. */
  wrap(packet: Uint8Array, type: number, index: number): Uint8Array;
  /** Ethernet types that it can carry. */
  only?: readonly number[];
  /** Fields of the link itself, which both must say. */
  says?: readonly string[];
}

export const [IPV4, IPV6, ARP] = [0x0800, 0x86dd, 0x0806];
const IP = [IPV4, IPV6];
const plain = (packet: Uint8Array) => packet;
const isIpv6 = (type: number) => type === IPV6;
const pppNumber = (type: number) => (isIpv6(type) ? 0x57 : 0x21);

export const LINK_KINDS: LinkKind[] = [
  { name: 'RAW', linkType: LINK.raw, wrap: plain, only: IP },
  { name: 'IPV4', linkType: LINK.ipv4, wrap: plain, only: [IPV4] },
  { name: 'IPV6', linkType: LINK.ipv6, wrap: plain, only: [IPV6] },
  {
    name: 'NULL, in either byte order and with every number of IPv6',
    linkType: LINK.null,
    says: ['null.family'],
    wrap: (packet, type, index) =>
      loopback(isIpv6(type) ? [24, 28, 30][index % 3]! : 2, packet, index % 2 === 0),
    only: IP,
  },
  {
    name: 'LOOP',
    linkType: LINK.loop,
    says: ['null.family'],
    wrap: (packet, type) => loopback(isIpv6(type) ? 24 : 2, packet, true),
    only: IP,
  },
  {
    name: 'cooked, version 1',
    linkType: LINK.cooked,
    says: ['sll.pkttype', 'sll.hatype', 'sll.src.eth'],
    wrap: (packet, protocol, index) => sll({ type: index % 5, protocol }, packet),
  },
  {
    name: 'cooked, version 2',
    linkType: LINK.cooked2,
    says: ['sll.pkttype', 'sll.hatype', 'sll.src.eth', 'sll.ifindex'],
    wrap: (packet, protocol, index) => sll2({ type: index % 5, protocol, index }, packet),
  },
  {
    name: '802.11, to and from the distribution system, with QoS and without',
    linkType: LINK.wireless,
    says: ['wlan.fc.type', 'wlan.fc.subtype', 'wlan.sa', 'wlan.da', 'llc.dsap', 'llc.oui'],
    wrap: (packet, type, index) =>
      wireless(
        {
          subtype: index % 3 === 0 ? 8 : 0,
          flags: index % 4,
          addresses: [alice, echo, ap, ...(index % 4 === 3 ? [LINK_MACS.alice] : [])],
        },
        snap(type, packet),
      ),
  },
  {
    name: '802.11 with radiotap, with a check sequence and without',
    linkType: LINK.radiotap,
    says: ['radiotap.length', 'wlan.sa', 'wlan.da', 'llc.oui'],
    wrap: (packet, type, index) => {
      const fcs = index % 2 === 1;
      const data = wireless({ flags: 2, addresses: [alice, ap, echo] }, snap(type, packet));
      return radiotap(fcs ? 0x10 : 0, fcs ? Buffer.concat([data, Buffer.alloc(4, 0xee)]) : data);
    },
  },
  {
    name: 'PPP, framed and not',
    linkType: LINK.ppp,
    says: ['ppp.protocol'],
    wrap: (packet, type, index) => ppp(pppNumber(type), packet, index % 2 === 0),
    only: IP,
  },
  {
    name: 'PPP in HDLC framing',
    linkType: LINK.pppHdlc,
    says: ['ppp.protocol'],
    wrap: (packet, type) => ppp(pppNumber(type), packet),
    only: IP,
  },
  {
    name: 'PPPoE',
    linkType: LINK.pppEther,
    says: ['pppoe.session_id', 'ppp.protocol'],
    wrap: (packet, type, index) => pppoe(0, index, ppp(pppNumber(type), packet, false)),
    only: IP,
  },
  {
    name: '802.3 with SNAP',
    linkType: LINK.ethernet,
    wrap: (packet, type) => dot3(echo, alice, snap(type, packet)),
  },
];
