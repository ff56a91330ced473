/** The fields of UDP and TCP. */

import type { Frame, Tcp, Udp } from '../frame.ts';
import { checksums } from '../frame-checksums.ts';
import { TCP_AT, tcpFlags } from '../tcp.ts';
import { UDP_AT } from '../udp.ts';
import { type ExplainedField, field, hex } from './field.ts';
import { explainTcpOptions } from './options.ts';

export function explainUdp(frame: Frame, udp: Udp): ExplainedField[] {
  const { start } = udp;
  return [
    field('source port', start + UDP_AT.sourcePort, 2, udp.sourcePort),
    field('destination port', start + UDP_AT.destinationPort, 2, udp.destinationPort),
    field('length', start + UDP_AT.length, 2, udp.length),
    field('checksum', start + UDP_AT.checksum, 2, hex(udp.checksum), checksums(frame).transport),
  ];
}

export function explainTcp(frame: Frame, tcp: Tcp): ExplainedField[] {
  const { start, end } = tcp;
  return [
    field('source port', start + TCP_AT.sourcePort, 2, tcp.sourcePort),
    field('destination port', start + TCP_AT.destinationPort, 2, tcp.destinationPort),
    field('sequence number', start + TCP_AT.sequence, 4, tcp.sequence),
    field('acknowledgement number', start + TCP_AT.acknowledgement, 4, tcp.acknowledgement),
    field(
      'header length',
      start + TCP_AT.dataOffset,
      1,
      end - start,
      `${(end - start) / 4} words of 4 bytes`,
    ),
    field('flags', start + TCP_AT.flags, 1, hex(tcp.flags, 2), tcpFlags(tcp.flags)),
    field('window', start + TCP_AT.window, 2, tcp.window),
    field('checksum', start + TCP_AT.checksum, 2, hex(tcp.checksum), checksums(frame).transport),
    field('urgent pointer', start + TCP_AT.urgent, 2, tcp.urgent),
    ...explainTcpOptions(tcp.options, start + TCP_AT.options, end),
  ];
}
