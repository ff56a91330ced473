/** The fields of UDP and TCP. */
import { checksums } from '../checksum.ts';
import type { Frame, Tcp, Udp } from '../frame.ts';
import { tcpFlags } from '../tcp.ts';
import { type ExplainedField, field, hex } from './field.ts';
import { explainTcpOptions } from './options.ts';

export function explainUdp(frame: Frame, udp: Udp): ExplainedField[] {
  const { start } = udp;
  return [
    field('source port', start, 2, udp.sourcePort),
    field('destination port', start + 2, 2, udp.destinationPort),
    field('length', start + 4, 2, udp.length),
    field('checksum', start + 6, 2, hex(udp.checksum), checksums(frame).transport),
  ];
}

export function explainTcp(frame: Frame, tcp: Tcp): ExplainedField[] {
  const { start, end } = tcp;
  return [
    field('source port', start, 2, tcp.sourcePort),
    field('destination port', start + 2, 2, tcp.destinationPort),
    field('sequence number', start + 4, 4, tcp.sequence),
    field('acknowledgement number', start + 8, 4, tcp.acknowledgement),
    field('header length', start + 12, 1, end - start, `${(end - start) / 4} words of 4 bytes`),
    field('flags', start + 13, 1, hex(tcp.flags, 2), tcpFlags(tcp.flags)),
    field('window', start + 14, 2, tcp.window),
    field('checksum', start + 16, 2, hex(tcp.checksum), checksums(frame).transport),
    field('urgent pointer', start + 18, 2, tcp.urgent),
    ...explainTcpOptions(tcp.options, start + 20, end),
  ];
}
