/** Encoders of what stands before a packet in captures of every kind, for tests: lab/ only reads these. */
import { macBytes } from '../../lab/wire/address.ts';

export const LINK_MACS = { alice: '02:6c:61:00:00:01', echo: '02:6c:61:00:00:02', ap: '02:6c:61:00:00:0a' };

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function be16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

export function be32(value: number): number[] {
  return [...be16(value >>> 16), ...be16(value & 0xffff)];
}

/** `big`: in network order, as LINKTYPE_LOOP always is. */
export function loopback(family: number, packet: Uint8Array, big = false): Uint8Array {
  const bytes = be32(family);
  return join(big ? bytes : bytes.reverse(), packet);
}

export interface CookedFields {
  type?: number;
  hardware?: number;
  source?: string;
  protocol: number;
  /** Of version 2. */
  index?: number;
}

export function sll(fields: CookedFields, packet: Uint8Array): Uint8Array {
  const { type = 0, hardware = 1, source = LINK_MACS.alice, protocol } = fields;
  return join(be16(type), be16(hardware), be16(6), macBytes(source), [0, 0], be16(protocol), packet);
}

export function sll2(fields: CookedFields, packet: Uint8Array): Uint8Array {
  const { type = 0, hardware = 1, source = LINK_MACS.alice, protocol, index = 2 } = fields;
  const card = [...be32(index), ...be16(hardware), type, 6];
  return join(be16(protocol), [0, 0], card, macBytes(source), [0, 0], packet);
}

export interface WirelessFields {
  type?: number;
  subtype?: number;
  /** Bits: 1 to the distribution system, 2 from it, 0x40 encrypted, 0x80 with HT control. */
  flags?: number;
  addresses: readonly string[];
  fragment?: number;
  /** Of QoS data. */
  qos?: number;
}

export function wireless(fields: WirelessFields, body: Uint8Array): Uint8Array {
  const { type = 2, subtype = 0, flags = 0, addresses, fragment = 0, qos = 0 } = fields;
  const [first, second, third, fourth] = addresses.map(macBytes);
  const head = [(subtype << 4) | (type << 2), flags, 0, 0];
  if (type === 1) return join(head, first!, second ?? []);
  const sequence = [(5 << 4) | fragment, 0];
  const isQos = type === 2 && (subtype & 8) !== 0;
  const control = (isQos || type === 0) && (flags & 0x80) !== 0 ? [0, 0, 0, 0] : [];
  return join(head, first!, second!, third!, sequence, fourth ?? [], isQos ? [qos, 0] : [], control, body);
}

/** With the clock, the flags and two words of presence, so that what follows them must be found. */
export function radiotap(flags: number, frame: Uint8Array): Uint8Array {
  const words = [3, 0, 0, 0x80, 0, 0, 0, 0];
  const fields = [1, 2, 3, 4, 5, 6, 7, 8, flags, 0];
  // The clock lies at a multiple of 8: here at 16.
  return join([0, 0, 26, 0], words, [0, 0, 0, 0], fields, frame);
}

/** RFC 1042. */
export function snap(type: number, packet: Uint8Array, oui: readonly number[] = [0, 0, 0]): Uint8Array {
  return join([0xaa, 0xaa, 3], oui, be16(type), packet);
}

export function stp(root: string, bridge: string, version = 0): Uint8Array {
  const bpdu = version === 0 ? 0 : 2;
  const ids = [...be16(0x8000), ...macBytes(root), ...be32(19), ...be16(0x8000), ...macBytes(bridge)];
  const times = [0x80, 1, 0, 0, 20, 0, 2, 0, 15, 0];
  return join([0x42, 0x42, 3, 0, 0, version, bpdu, 0], ids, times, version === 0 ? [] : [0]);
}

/** IEEE 802.3: a length where Ethernet has a type. */
export function dot3(
  destination: string,
  source: string,
  body: Uint8Array,
  length = body.length,
): Uint8Array {
  return join(macBytes(destination), macBytes(source), be16(length), body);
}

export function ppp(protocol: number, packet: Uint8Array, framed = true): Uint8Array {
  return join(framed ? [0xff, 3] : [], be16(protocol), packet);
}

export function pppoe(code: number, session: number, body: Uint8Array, length = body.length): Uint8Array {
  return join([0x11, code], be16(session), be16(length), body);
}
