/** ARP for Ethernet and IPv4 (RFC 826). */
import { ipv4Bytes, ipv4Text, macBytes, macText } from './address.ts';
import type { Arp, Trouble } from './frame.ts';
import { putUint16, uint16 } from './integer.ts';
import { broken, short } from './trouble.ts';

const HARDWARE = 0;
const PROTOCOL = 2;
const HARDWARE_LENGTH = 4;
const PROTOCOL_LENGTH = 5;
const OPERATION = 6;
const SENDER_MAC = 8;
const SENDER_ADDRESS = 14;
const TARGET_MAC = 18;
const TARGET_ADDRESS = 24;
const LENGTH = 28;

export class ArpMessage implements Arp {
  readonly kind = 'arp';
  readonly start: number;
  readonly end: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + LENGTH;
  }

  get operation(): number {
    return uint16(this.bytes, this.start + OPERATION);
  }

  get senderMac(): string {
    return macText(this.bytes, this.start + SENDER_MAC);
  }

  get senderAddress(): string {
    return ipv4Text(this.bytes, this.start + SENDER_ADDRESS);
  }

  get targetMac(): string {
    return macText(this.bytes, this.start + TARGET_MAC);
  }

  get targetAddress(): string {
    return ipv4Text(this.bytes, this.start + TARGET_ADDRESS);
  }
}

export function openArp(bytes: Uint8Array, start: number, end: number): ArpMessage | Trouble {
  if (end - start < LENGTH) return short('arp', start, LENGTH, end);
  const hardware = uint16(bytes, start + HARDWARE);
  const protocol = uint16(bytes, start + PROTOCOL);
  const lengths = uint16(bytes, start + HARDWARE_LENGTH);
  if (hardware !== 1 || protocol !== 0x0800 || lengths !== 0x0604) {
    const there = `hardware ${hardware}, protocol 0x${protocol.toString(16).padStart(4, '0')}`;
    return broken('arp', start, `Ethernet and IPv4 addresses: it is for ${there}`);
  }
  return new ArpMessage(bytes, start);
}

export interface ArpFields {
  operation: number;
  senderMac: string;
  senderAddress: string;
  /** Zeros unless given, as in a question. */
  targetMac?: string;
  targetAddress: string;
}

export function encodeArp(fields: ArpFields): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  putUint16(bytes, HARDWARE, 1);
  putUint16(bytes, PROTOCOL, 0x0800);
  bytes[HARDWARE_LENGTH] = 6;
  bytes[PROTOCOL_LENGTH] = 4;
  putUint16(bytes, OPERATION, fields.operation);
  bytes.set(macBytes(fields.senderMac), SENDER_MAC);
  bytes.set(ipv4Bytes(fields.senderAddress), SENDER_ADDRESS);
  bytes.set(macBytes(fields.targetMac ?? '00:00:00:00:00:00'), TARGET_MAC);
  bytes.set(ipv4Bytes(fields.targetAddress), TARGET_ADDRESS);
  return bytes;
}
