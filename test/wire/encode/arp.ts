/** ARP messages to bytes; lab/wire/arp.ts reads them. */
import { ipv4Bytes, macBytes } from '../../../lab/wire/address.ts';
import { ARP_AT } from '../../../lab/wire/arp.ts';
import { putUint16 } from './integer.ts';

export interface ArpFields {
  operation: number;
  senderMac: string;
  senderAddress: string;
  /** Zeros unless given, as in a question. */
  targetMac?: string;
  targetAddress: string;
}

export function encodeArp(fields: ArpFields): Uint8Array {
  const bytes = new Uint8Array(ARP_AT.end);
  putUint16(bytes, ARP_AT.hardware, 1);
  putUint16(bytes, ARP_AT.protocol, 0x0800);
  bytes[ARP_AT.hardwareLength] = 6;
  bytes[ARP_AT.protocolLength] = 4;
  putUint16(bytes, ARP_AT.operation, fields.operation);
  bytes.set(macBytes(fields.senderMac), ARP_AT.senderMac);
  bytes.set(ipv4Bytes(fields.senderAddress), ARP_AT.senderAddress);
  bytes.set(macBytes(fields.targetMac ?? '00:00:00:00:00:00'), ARP_AT.targetMac);
  bytes.set(ipv4Bytes(fields.targetAddress), ARP_AT.targetAddress);
  return bytes;
}
