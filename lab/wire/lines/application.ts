/** Protocols above UDP and TCP with lines of their own: messages of DHCP, DNS, HTTP, IRC and TLS, read where a line asks for them. */
import { DHCP_TYPES, type Dhcp, readDhcp } from '../application/dhcp.ts';
import { type Dns, readDns } from '../application/dns.ts';
import { type Http, readHttp } from '../application/http.ts';
import { IRC_COMMANDS, IRC_PORT, type Irc, readIrc } from '../application/irc.ts';
import { DHCP_PORTS, DNS_PORTS, isOnPort } from '../application/ports.ts';
import { readTls, TLS_ALERTS, TLS_MESSAGES, type Tls } from '../application/tls.ts';
import type { Frame } from '../frame.ts';
import type { AddressField } from './line.ts';

export const APPLICATIONS = ['dhcp', 'dns', 'http', 'irc', 'tls'] as const;
export type Application = (typeof APPLICATIONS)[number];

export function isApplication(protocol: string): protocol is Application {
  return APPLICATIONS.some((one) => one === protocol);
}

/** Answers by their code (RFC 1035 section 4.1.1). */
const ANSWERS: Record<number, string> = { 0: 'answer', 2: 'server-failure', 3: 'no-such-name', 5: 'refused' };

/** The words of lines about these protocols. */
export const APPLICATION_WORDS: Record<Application, readonly string[]> = {
  dhcp: DHCP_TYPES,
  dns: ['query', ...Object.values(ANSWERS)],
  // A status is a word, too.
  http: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'],
  // The number of a reply is a word, too.
  irc: IRC_COMMANDS,
  tls: [...TLS_MESSAGES, ...TLS_ALERTS],
};

const PORTS: Record<'dhcp' | 'dns', readonly number[]> = { dhcp: DHCP_PORTS, dns: DNS_PORTS };

export function dhcpOf(frame: Frame): Dhcp | undefined {
  return isOn(frame, 'dhcp') ? readDhcp(payload(frame)) : undefined;
}

export function dnsOf(frame: Frame): Dns | undefined {
  return isOn(frame, 'dns') ? readDns(payload(frame)) : undefined;
}

/** The first line of a message: a later segment of the same message has none. */
export function httpOf(frame: Frame): Http | undefined {
  return frame.tcp && readHttp(payload(frame));
}

/** The lines of a segment that are whole in it; undefined where there is none. */
export function ircOf(frame: Frame): readonly [Irc, ...Irc[]] | undefined {
  const { tcp } = frame;
  if (tcp?.sourcePort !== IRC_PORT && tcp?.destinationPort !== IRC_PORT) return undefined;
  const [first, ...others] = readIrc(payload(frame));
  return first && [first, ...others];
}

/** The first record of a segment that begins with one. */
export function tlsOf(frame: Frame): Tls | undefined {
  return frame.tcp && readTls(payload(frame));
}

function isOn({ udp }: Frame, protocol: keyof typeof PORTS): boolean {
  return udp !== undefined && isOnPort(udp, PORTS[protocol]);
}

function payload({ bytes, payload: { start, end } }: Frame): Uint8Array {
  return bytes.subarray(start, end);
}

/** The words that a line would use for the frame: several where a segment has several lines of IRC. */
export function applicationWords(protocol: Application, frame: Frame): string[] {
  if (protocol === 'irc') return ircOf(frame)?.map(({ command }) => command) ?? [];
  const one = applicationWord(protocol, frame);
  return one === undefined ? [] : [one];
}

/** The word of a message of which a frame has one. */
export function applicationWord(protocol: Exclude<Application, 'irc'>, frame: Frame): string | undefined {
  if (protocol === 'dhcp') return dhcpOf(frame)?.type;
  if (protocol === 'tls') return tlsOf(frame)?.word;
  if (protocol === 'http') {
    const http = httpOf(frame);
    return http && (http.method ?? String(http.status));
  }
  const dns = dnsOf(frame);
  return dns && (dns.answer ? (ANSWERS[dns.code] ?? `code ${dns.code}`) : 'query');
}

/** The name that a message is about. */
export function applicationName(protocol: string, frame: Frame): string | undefined {
  return protocol === 'tls' ? tlsOf(frame)?.name : dnsOf(frame)?.name;
}

/** The addresses in the message that a field is about. */
export function applicationAddresses(field: AddressField, protocol: string, frame: Frame): string[] {
  if (protocol === 'dns') return dnsOf(frame)?.addresses ?? [];
  const dhcp = dhcpOf(frame);
  if (!dhcp) return [];
  if (field === 'router') return dhcp.routers;
  if (field === 'dns') return dhcp.resolvers;
  const one = dhcp[field];
  return one === undefined ? [] : [one];
}
