/** The content of UDP and TCP, in a few words: by the port where it tells, HTTP and TLS by their form, else the payload itself. */
import type { Frame } from '../frame.ts';
import { describeDhcp } from './dhcp.ts';
import { describeDns } from './dns.ts';
import { describeHttp } from './http.ts';
import { describeIrc, IRC_PORT } from './irc.ts';
import { describeNtp } from './ntp.ts';
import { DHCP_PORTS, DNS_PORTS } from './ports.ts';
import { describeProgram } from './programs.ts';
import { quoteOrCount } from './text.ts';
import { describeTls } from './tls.ts';

/** Describes the bytes of one protocol; undefined where the bytes are not of the protocol of this port. */
type Describe = (bytes: Uint8Array, isToPort: boolean) => string | undefined;

const UDP_PORTS: ReadonlyMap<number, Describe> = new Map([
  ...DNS_PORTS.map((port): [number, Describe] => [port, describeDns]),
  ...DHCP_PORTS.map((port): [number, Describe] => [port, describeDhcp]),
  [123, describeNtp],
  [9000, describeProgram],
]);
/** Over TCP each message of DNS has its length before it (RFC 1035 section 4.2.2). */
const TCP_PORTS: ReadonlyMap<number, Describe> = new Map([
  [53, (bytes) => describeDns(bytes.subarray(2))],
  [IRC_PORT, describeIrc],
]);

/** `NTP client v4`, `"hello"`, `1460 bytes`; undefined where there is no payload, or no header of UDP or TCP. */
export function describePayload(frame: Frame): string | undefined {
  const { udp, tcp, payload, bytes } = frame;
  const transport = udp ?? tcp;
  if (transport === undefined || payload.start === payload.end) return undefined;
  const data = bytes.subarray(payload.start, payload.end);
  const ports = udp === undefined ? TCP_PORTS : UDP_PORTS;
  const to = ports.get(transport.destinationPort)?.(data, true);
  const known = to ?? ports.get(transport.sourcePort)?.(data, false);
  return known ?? (tcp && (describeHttp(data) ?? describeTls(data))) ?? quoteOrCount(data);
}
