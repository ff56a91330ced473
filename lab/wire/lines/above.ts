/** What is above UDP and has lines of its own: messages of DHCP and DNS, read where a line asks for them. */
import { DHCP_TYPES, type Dhcp, readDhcp } from '../above/dhcp.ts';
import { type Dns, readDns } from '../above/dns.ts';
import { DHCP_PORTS, DNS_PORTS, isOnPort } from '../above/ports.ts';
import type { Frame } from '../frame.ts';
import type { AddressField } from './line.ts';

export const ABOVE = ['dhcp', 'dns'] as const;
export type Above = (typeof ABOVE)[number];

export function isAbove(protocol: string): protocol is Above {
  return ABOVE.some((one) => one === protocol);
}

/** Answers by their code (RFC 1035 section 4.1.1). */
const ANSWERS: Record<number, string> = { 0: 'answer', 2: 'server-failure', 3: 'no-such-name', 5: 'refused' };

/** The words of their lines. */
export const ABOVE_WORDS: Record<Above, readonly string[]> = {
  dhcp: DHCP_TYPES,
  dns: ['query', ...Object.values(ANSWERS)],
};

const PORTS: Record<Above, readonly number[]> = { dhcp: DHCP_PORTS, dns: DNS_PORTS };

export function dhcpOf(frame: Frame): Dhcp | undefined {
  return isOn(frame, 'dhcp') ? readDhcp(payload(frame)) : undefined;
}

export function dnsOf(frame: Frame): Dns | undefined {
  return isOn(frame, 'dns') ? readDns(payload(frame)) : undefined;
}

function isOn({ udp }: Frame, protocol: Above): boolean {
  return udp !== undefined && isOnPort(udp, PORTS[protocol]);
}

function payload({ bytes, payload: { start, end } }: Frame): Uint8Array {
  return bytes.subarray(start, end);
}

/** The word that a line would use for the frame. */
export function wordAbove(protocol: Above, frame: Frame): string | undefined {
  if (protocol === 'dhcp') return dhcpOf(frame)?.type;
  const dns = dnsOf(frame);
  return dns && (dns.answer ? (ANSWERS[dns.code] ?? `code ${dns.code}`) : 'query');
}

/** The addresses that a field speaks of. */
export function addressesAbove(field: AddressField, protocol: string, frame: Frame): string[] {
  if (protocol === 'dns') return dnsOf(frame)?.addresses ?? [];
  const dhcp = dhcpOf(frame);
  if (!dhcp) return [];
  if (field === 'router') return dhcp.routers;
  if (field === 'dns') return dhcp.resolvers;
  const one = dhcp[field];
  return one === undefined ? [] : [one];
}
