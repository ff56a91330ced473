/** Datagrams with a false source, made by hand on a raw socket over loopback. Needs CAP_NET_RAW and perl. */
import { spawnSync } from 'node:child_process';
import type { Endpoint } from '../../services/events.ts';

export interface Spoofed {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly data: Buffer;
}

/** IPv4 (RFC 791; the kernel adds length, identification and checksum), UDP without a checksum (RFC 768). */
const SEND = `
use Socket;
socket(my $s, AF_INET, SOCK_RAW, 255) or die "raw socket: $!";
while (<STDIN>) {
  my ($from, $sport, $to, $dport, $hex) = split ' ', $_;
  my $data = pack 'H*', $hex // '';
  my $udp = pack('nnnn', $sport, $dport, 8 + length $data, 0) . $data;
  my $ip = pack('CCnnnCCn', 0x45, 0, 0, 0, 0, 64, 17, 0) . inet_aton($from) . inet_aton($to);
  send($s, $ip . $udp, 0, sockaddr_in(0, inet_aton($to))) or die "send: $!";
}`;

/** Sends them all, in order. @throws where it is not permitted */
export function spoof(datagrams: readonly Spoofed[]): void {
  const lines = datagrams.map(
    ({ from, to, data }) => `${from.address} ${from.port} ${to.address} ${to.port} ${data.toString('hex')}\n`,
  );
  const { status, stderr, error } = spawnSync('perl', ['-e', SEND], {
    input: lines.join(''),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`no false source could be sent: ${error?.message ?? stderr}`);
}

/** Why it cannot be done here; undefined where it can. */
export function noSpoofing(): string | undefined {
  try {
    const nobody = { address: '127.0.0.1', port: 9 };
    spoof([{ from: nobody, to: nobody, data: Buffer.alloc(0) }]);
    return undefined;
  } catch (error) {
    return `${(error as Error).message.trim()}: run as root`;
  }
}
