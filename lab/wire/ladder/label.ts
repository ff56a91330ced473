/** The label of an arrow, which is the frame in a few words, and a frame's family. */
import { NO_MAC } from '../address.ts';
import { showHttp } from '../application/http.ts';
import { showIrc } from '../application/irc.ts';
import { showTls } from '../application/tls.ts';
import {
  ARP_REPLY,
  ARP_REQUEST,
  arpWord,
  INARP_REPLY,
  INARP_REQUEST,
  RARP_REPLY,
  RARP_REQUEST,
} from '../arp-words.ts';
import type { Frame, Icmp, Icmpv6, Tcp } from '../frame.ts';
import { icmpv6Word, icmpWord } from '../icmp-words.ts';
import { igmpWords } from '../igmp-words.ts';
import { applicationWord, dhcpOf, dnsOf, httpOf, ircOf, tlsOf } from '../lines/application.ts';
import { linkLabel } from '../links/words.ts';
import { protocolWord } from '../protocols.ts';
import { ACK, PSH, RST, SYN, tcpFlags } from '../tcp.ts';
import type { Family } from './ladder.ts';

/** The name of an address for a reader: its host's name, or the address itself. */
export type Naming = (address: string) => string;

/** The most bytes of text that are shown in a label. */
const MOST_TEXT = 16;

export function familyOf({ arp, icmp, icmpv6, udp, tcp }: Frame): Family {
  if (arp) return 'arp';
  // Neighbour discovery does for IPv6 what ARP does for IPv4.
  if (icmpv6) return icmpv6.type >= 133 && icmpv6.type <= 137 ? 'arp' : 'icmp';
  if (icmp) return 'icmp';
  if (tcp) return 'tcp';
  return udp ? 'udp' : 'other';
}

/** `names` gives an address the name of its host. */
export function labelOf(frame: Frame, names: Naming): string {
  const { arp, icmp, icmpv6, igmp, udp, tcp, ip } = frame;
  if (arp) return arpLabel(arp, names);
  if (icmp) return icmpLabel(icmp);
  if (icmpv6) return icmpv6Label(icmpv6, names);
  if (igmp) return igmpWords(igmp, names);
  if (ip && ip.fragmentOffset > 0) return `fragment at ${ip.fragmentOffset}`;
  const piece = ip?.moreFragments ? ', first fragment' : '';
  if (tcp) return `${tcpLabel(tcp, frame)}${piece}`;
  if (udp) return aboveLabel(frame) ?? `${udp.sourcePort} → ${udp.destinationPort} ${content(frame)}${piece}`;
  if (ip) return `${protocolWord(ip.protocol)}, ${bytes(frame)}`;
  return linkLabel(frame);
}

/** A message of DHCP or DNS says more than its ports: `OFFER 10.50.1.2`, `A echo.dmz?`, `echo.dmz 10.50.2.10`. */
function aboveLabel(frame: Frame): string | undefined {
  const dhcp = dhcpOf(frame);
  if (dhcp) return [dhcp.type, ...(dhcp.gives ? [dhcp.gives] : [])].join(' ');
  const dns = dnsOf(frame);
  if (dns?.name === undefined) return undefined;
  if (!dns.answer) return `${dns.type} ${dns.name}?`;
  if (dns.code !== 0) return `${applicationWord('dns', frame)} ${dns.name}`;
  if (dns.addresses.length > 0) return `${dns.name} ${dns.addresses.join(' ')}`;
  const { records } = dns;
  const found = records === 1 ? '1 record' : `${records} records`;
  return records === 0 ? `${dns.name} no ${dns.type}` : `${dns.type} ${dns.name} ${found}`;
}

function arpLabel(arp: NonNullable<Frame['arp']>, names: Naming): string {
  const { operation, senderAddress, targetAddress, targetMac } = arp;
  switch (operation) {
    case ARP_REQUEST:
      return senderAddress === targetAddress
        ? `${names(senderAddress)} is here`
        : `who-has ${names(targetAddress)}`;
    case ARP_REPLY:
      return `${names(senderAddress)} is-at`;
    // These ask for the address of a card. The answer has it as the target's address, or as the sender's.
    case RARP_REQUEST:
    case INARP_REQUEST:
      return targetMac === NO_MAC ? arpWord(operation) : `${arpWord(operation)} ${targetMac}`;
    case RARP_REPLY:
      return `${arpWord(operation)} ${names(targetAddress)}`;
    case INARP_REPLY:
      return `${arpWord(operation)} ${names(senderAddress)}`;
    default:
      return arpWord(operation);
  }
}

function icmpLabel({ type, code, sequence, mtu }: Icmp): string {
  const word = icmpWord(type, code) ?? `type ${type} code ${code}`;
  return `${word}${numbered(sequence)}${mtu ? `, MTU ${mtu}` : ''}`;
}

function icmpv6Label({ type, code, sequence, target, mtu }: Icmpv6, names: Naming): string {
  const about = target === undefined ? '' : names(target);
  if (type === 135) return `who-has ${about}`;
  if (type === 136) return `${about} is-at`;
  const word = icmpv6Word(type, code) ?? `type ${type} code ${code}`;
  return `${word}${numbered(sequence)}${mtu ? `, MTU ${mtu}` : ''}`;
}

function numbered(sequence: number | undefined): string {
  return sequence === undefined ? '' : ` ${sequence}`;
}

function tcpLabel({ flags, window, destinationPort }: Tcp, frame: Frame): string {
  const size = frame.carried;
  const opens = (flags & SYN) !== 0 && (flags & ACK) === 0;
  const shown = size > 0 ? flags & ~PSH : flags;
  return [
    // A segment with data always has ACK, so the label leaves it out.
    size > 0 && shown === ACK ? '' : tcpFlags(shown),
    opens ? `to ${destinationPort}` : '',
    size > 0 ? messageOf(frame) : '',
    window === 0 && (flags & RST) === 0 ? 'window 0' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The first line of HTTP or IRC, or the first record of TLS, says more than the size of the segment: `200 OK`, `tls ClientHello web`. */
function messageOf(frame: Frame): string {
  const http = httpOf(frame);
  if (http) return showHttp(http);
  const irc = ircOf(frame);
  if (irc) return showIrc(irc);
  const tls = tlsOf(frame);
  return tls ? showTls(tls) : content(frame);
}

export function payloadOf({ bytes, payload }: Frame): Uint8Array {
  return bytes.subarray(payload.start, payload.end);
}

function content(frame: Frame): string {
  const payload = payloadOf(frame);
  if (payload.length === 0 || payload.length > MOST_TEXT || payload.length < frame.carried)
    return bytes(frame);
  const text = Buffer.from(payload).toString('latin1');
  return /^[ -~\t\r\n]+$/.test(text) ? JSON.stringify(text) : bytes(frame);
}

function bytes(frame: Frame): string {
  return showSize(frame.carried);
}

/** `1 byte`, `999 bytes`, `300 kB` */
export function showSize(size: number): string {
  if (size === 1) return '1 byte';
  if (size < 10_000) return `${size} bytes`;
  return size < 10_000_000 ? `${Math.round(size / 1000)} kB` : `${Math.round(size / 1_000_000)} MB`;
}
