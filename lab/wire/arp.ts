/** ARP for Ethernet and IPv4 (RFC 826). */
import { ipv4Text, macText } from './address.ts';
import type { Header } from './header.ts';
import { uint16 } from './integer.ts';
import { broken, short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the message’s first. */
export const ARP_AT = {
  hardware: 0,
  protocol: 2,
  hardwareLength: 4,
  protocolLength: 5,
  /** 1 asks, 2 answers; 3 and 4 do so in RARP (RFC 903), 8 and 9 in InARP (RFC 2390). */
  operation: 6,
  senderMac: 8,
  senderAddress: 14,
  targetMac: 18,
  targetAddress: 24,
  end: 28,
} as const;

export class Arp implements Header {
  readonly kind = 'arp';
  readonly start: number;
  readonly end: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + ARP_AT.end;
  }

  get operation(): number {
    return uint16(this.bytes, this.start + ARP_AT.operation);
  }

  get senderMac(): string {
    return macText(this.bytes, this.start + ARP_AT.senderMac);
  }

  get senderAddress(): string {
    return ipv4Text(this.bytes, this.start + ARP_AT.senderAddress);
  }

  get targetMac(): string {
    return macText(this.bytes, this.start + ARP_AT.targetMac);
  }

  get targetAddress(): string {
    return ipv4Text(this.bytes, this.start + ARP_AT.targetAddress);
  }
}

export function openArp(bytes: Uint8Array, start: number, end: number): Arp | Trouble {
  if (end - start < ARP_AT.end) return short('arp', start, ARP_AT.end, end);
  const hardware = uint16(bytes, start + ARP_AT.hardware);
  const protocol = uint16(bytes, start + ARP_AT.protocol);
  const lengths = uint16(bytes, start + ARP_AT.hardwareLength);
  if (hardware !== 1 || protocol !== 0x0800 || lengths !== 0x0604) {
    const there = `hardware ${hardware}, protocol 0x${protocol.toString(16).padStart(4, '0')}`;
    return broken('arp', start, `Ethernet and IPv4 addresses: it is for ${there}`);
  }
  return new Arp(bytes, start);
}
