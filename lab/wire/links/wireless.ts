/** The header of IEEE 802.11 (section 9.2.4): its type and its direction decide which addresses it has. */
import { macText } from '../address.ts';
import type { Header } from '../header.ts';
import { short, type Trouble } from '../trouble.ts';

/** IEEE 802.11: the header of a management (type 0), control (1) or data (2) frame. */
export interface Wireless extends Header {
  readonly kind: 'wireless';
  readonly type: number;
  readonly subtype: number;
  /** The sender and the receiver; a control frame may have no sender. */
  readonly source?: string;
  readonly destination?: string;
  /** The content is encrypted. */
  readonly encrypted: boolean;
}

export const [MANAGEMENT, CONTROL, DATA] = [0, 1, 2];
const DURATION_END = 4;
/** The offsets of the addresses. */
const [FIRST, SECOND, THIRD, FOURTH] = [4, 10, 16, 24];
const MAC = 6;
const SEQUENCE = 22;
const PLAIN = 24;
const QOS = 8;
const NO_DATA = 4;
/** Bits of the second byte. */
const FLAG = { toDs: 1, fromDs: 2, more: 4, encrypted: 0x40, order: 0x80 } as const;
/** Control frames that name their sender: block ack request and block ack, PS-Poll, RTS, CF-End and its variant. */
const WITH_SENDER: readonly number[] = [8, 9, 10, 11, 14, 15];

const MANAGEMENT_WORDS = [
  'association request',
  'association response',
  'reassociation request',
  'reassociation response',
  'probe request',
  'probe response',
  'timing advertisement',
  'management 7',
  'beacon',
  'ATIM',
  'disassociation',
  'authentication',
  'deauthentication',
  'action',
  'action without ack',
];
const CONTROL_WORDS: ReadonlyMap<number, string> = new Map([
  [8, 'block ack request'],
  [9, 'block ack'],
  [10, 'PS-Poll'],
  [11, 'RTS'],
  [12, 'CTS'],
  [13, 'ACK'],
  [14, 'CF-End'],
  [15, 'CF-End and CF-Ack'],
]);

/** `beacon`, `RTS`; `data` for a frame with content. */
export function wirelessWord({ type, subtype, encrypted }: Wireless): string {
  if (type === MANAGEMENT) return MANAGEMENT_WORDS[subtype] ?? `management ${subtype}`;
  if (type === CONTROL) return CONTROL_WORDS.get(subtype) ?? `control ${subtype}`;
  if (type !== DATA) return `802.11 type ${type} subtype ${subtype}`;
  if ((subtype & NO_DATA) !== 0) return 'no data';
  return encrypted ? 'encrypted data' : 'data';
}

/** `padded`: the header is padded to a multiple of four bytes. */
export function openWireless(
  bytes: Uint8Array,
  start: number,
  end: number,
  padded: boolean,
): Wireless | Trouble {
  if (end - start < DURATION_END) return short('wireless', start, DURATION_END, end);
  const type = (bytes[start]! >>> 2) & 3;
  const subtype = bytes[start]! >>> 4;
  const flags = bytes[start + 1]!;
  const length = lengthOf(type, subtype, flags);
  if (end - start < length) return short('wireless', start, length, end);
  const filled = padded ? Math.min(Math.ceil(length / 4) * 4, end - start) : length;
  return {
    kind: 'wireless',
    start,
    end: start + filled,
    type,
    subtype,
    encrypted: (flags & FLAG.encrypted) !== 0,
    ...endsOf(bytes, start, type, length, flags),
  };
}

function lengthOf(type: number, subtype: number, flags: number): number {
  if (type === CONTROL) return WITH_SENDER.includes(subtype) ? SECOND + MAC : FIRST + MAC;
  if (type !== MANAGEMENT && type !== DATA) return DURATION_END;
  const order = (flags & FLAG.order) !== 0;
  if (type === MANAGEMENT) return PLAIN + (order ? 4 : 0);
  const relayed = (flags & FLAG.toDs) !== 0 && (flags & FLAG.fromDs) !== 0;
  const qos = (subtype & QOS) !== 0;
  return PLAIN + (relayed ? MAC : 0) + (qos ? 2 : 0) + (qos && order ? 4 : 0);
}

function endsOf(
  bytes: Uint8Array,
  start: number,
  type: number,
  length: number,
  flags: number,
): { source?: string; destination?: string } {
  const at = (offset: number) => macText(bytes, start + offset);
  if (length < FIRST + MAC) return {};
  if (type !== DATA) {
    return { destination: at(FIRST), ...(length >= SECOND + MAC && { source: at(SECOND) }) };
  }
  const [toDs, fromDs] = [(flags & FLAG.toDs) !== 0, (flags & FLAG.fromDs) !== 0];
  const destination = at(toDs ? THIRD : FIRST);
  if (!fromDs) return { destination, source: at(SECOND) };
  return { destination, source: at(toDs ? FOURTH : THIRD) };
}

/** Whether LLC follows: not without content, not in a later fragment, and not where a frame has several (A-MSDU). */
export function carriesLlc(bytes: Uint8Array, wireless: Wireless): boolean {
  const { start, type, subtype, encrypted } = wireless;
  if (type !== DATA || (subtype & NO_DATA) !== 0 || encrypted) return false;
  if ((bytes[start + SEQUENCE]! & 15) !== 0) return false;
  const relayed = (bytes[start + 1]! & 3) === 3;
  const qos = start + PLAIN + (relayed ? MAC : 0);
  return (subtype & QOS) === 0 || (bytes[qos]! & 0x80) === 0;
}
