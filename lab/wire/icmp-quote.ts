/** The packet that an ICMP error quotes (RFC 792, RFC 4443 section 2.4 c), as far as the error has it. */
import { readExtensions } from './extension.ts';
import { uint16 } from './integer.ts';
import { type Ipv4, openIpv4 } from './ipv4.ts';
import { type Ipv6, openIpv6 } from './ipv6.ts';
import { TCP, UDP } from './protocols.ts';

/** The quoted part of the packet that caused an ICMP error. */
export interface IcmpQuote {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Present where the quoted bytes have them. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** Undefined where the quoted bytes are less than the header. */
export function readQuote(bytes: Uint8Array, start: number, end: number): IcmpQuote | undefined {
  const ip = bytes[start]! >>> 4 === 6 ? openIpv6(bytes, start, end) : openIpv4(bytes, start, end);
  if (!('kind' in ip)) return undefined;
  if (ip.kind === 'ipv4') return about(ip, bytes, ip.end, end);
  const trouble = readExtensions(bytes, ip, end);
  const carried = ip.extensions.at(-1)?.end ?? ip.end;
  return about(ip, bytes, carried, trouble === undefined ? end : carried);
}

function about(ip: Ipv4 | Ipv6, bytes: Uint8Array, start: number, end: number): IcmpQuote {
  const { source, destination, protocol } = ip;
  const ports = (protocol === TCP || protocol === UDP) && ip.fragmentOffset === 0 && end - start >= 4;
  if (!ports) return { source, destination, protocol };
  const [sourcePort, destinationPort] = [uint16(bytes, start), uint16(bytes, start + 2)];
  return { source, destination, protocol, sourcePort, destinationPort };
}
