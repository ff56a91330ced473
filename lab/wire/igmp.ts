/** IGMP: which groups hosts hear (RFC 1112, RFC 2236, RFC 3376). The message is header to its end. */
import { ipv4Text } from './address.ts';
import type { Header } from './header.ts';
import { uint16 } from './integer.ts';
import { broken, short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the message’s first. */
export const IGMP_AT = {
  type: 0,
  /** Of a query, in tenths of a second; of a message of IGMPv1 nothing. */
  time: 1,
  checksum: 2,
  /** Of every message but a report of IGMPv3. */
  group: 4,
  /** Of a report of IGMPv3: how many records there are, and where they begin. */
  recordCount: 6,
  records: 8,
  end: 8,
} as const;

/** Of a record, from its first byte. */
export const IGMP_RECORD_AT = { type: 0, auxiliary: 1, sources: 2, group: 4, end: 8 } as const;

export const IGMP_QUERY = 0x11;
export const IGMP_REPORT_V1 = 0x12;
export const IGMP_REPORT_V2 = 0x16;
export const IGMP_LEAVE_V2 = 0x17;
export const IGMP_REPORT_V3 = 0x22;

/** The statement of a message about a group. A query without a group (0.0.0.0) is for all. */
export type Membership = 'query' | 'join' | 'leave';

export interface GroupRecord {
  /** Undefined for a type that is unknown here, and for sources that are not heard any more. */
  says?: Membership;
  group: string;
  /** Bytes of the frame. */
  start: number;
  end: number;
}

/** Include and exclude, as it is and as it becomes; more and fewer sources (RFC 3376 section 4.2.12). */
const RECORD = { isInclude: 1, isExclude: 2, toInclude: 3, toExclude: 4, allow: 5 } as const;

export class Igmp implements Header {
  readonly kind = 'igmp';
  readonly start: number;
  readonly end: number;
  readonly type: number;
  private readonly bytes: Uint8Array;
  private read?: { records: GroupRecord[]; trouble?: Trouble };

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.type = bytes[start + IGMP_AT.type]!;
  }

  get time(): number {
    return this.bytes[this.start + IGMP_AT.time]!;
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + IGMP_AT.checksum);
  }

  /** Undefined for a report of IGMPv3, which has a record for each of its groups. */
  get group(): string | undefined {
    const has = this.type !== IGMP_REPORT_V3;
    return has ? ipv4Text(this.bytes, this.start + IGMP_AT.group) : undefined;
  }

  /** Those that are whole; none in a message of another kind. */
  get records(): readonly GroupRecord[] {
    return this.reading().records;
  }

  /** The statement about each group. */
  get groups(): readonly Pick<GroupRecord, 'says' | 'group'>[] {
    const { group, type } = this;
    if (group === undefined) return this.records;
    const says = WORDS.get(type);
    return says === undefined ? [] : [{ says, group }];
  }

  /** The first record that is broken. */
  get trouble(): Trouble | undefined {
    return this.reading().trouble;
  }

  private reading() {
    this.read ??= this.type === IGMP_REPORT_V3 ? readRecords(this.bytes, this) : { records: [] };
    return this.read;
  }
}

const WORDS: ReadonlyMap<number, Membership> = new Map([
  [IGMP_QUERY, 'query'],
  [IGMP_REPORT_V1, 'join'],
  [IGMP_REPORT_V2, 'join'],
  [IGMP_LEAVE_V2, 'leave'],
]);

function readRecords(
  bytes: Uint8Array,
  { start, end }: Header,
): { records: GroupRecord[]; trouble?: Trouble } {
  const count = uint16(bytes, start + IGMP_AT.recordCount);
  const records: GroupRecord[] = [];
  let at = start + IGMP_AT.records;
  while (records.length < count) {
    const length = at + IGMP_RECORD_AT.end > end ? IGMP_RECORD_AT.end : lengthOf(bytes, at);
    if (at + length > end) {
      const says = `${count} records: number ${records.length + 1} is ${length} bytes, ${end - at} are there`;
      return { records, trouble: broken('igmp', end, says) };
    }
    const says = saidBy(bytes[at + IGMP_RECORD_AT.type]!, uint16(bytes, at + IGMP_RECORD_AT.sources));
    const group = ipv4Text(bytes, at + IGMP_RECORD_AT.group);
    records.push({ ...(says && { says }), group, start: at, end: at + length });
    at += length;
  }
  return { records };
}

/** Its sources, four bytes each, and what follows them in words of four bytes. */
function lengthOf(bytes: Uint8Array, at: number): number {
  const words = uint16(bytes, at + IGMP_RECORD_AT.sources) + bytes[at + IGMP_RECORD_AT.auxiliary]!;
  return IGMP_RECORD_AT.end + 4 * words;
}

/** A host that includes no source hears nobody: that is how it leaves a group. */
function saidBy(type: number, sources: number): Membership | undefined {
  if (type === RECORD.isExclude || type === RECORD.toExclude || type === RECORD.allow) return 'join';
  if (type !== RECORD.isInclude && type !== RECORD.toInclude) return undefined;
  return sources > 0 ? 'join' : 'leave';
}

/** The message if all that every one has lies before `end`, where it ends. */
export function openIgmp(bytes: Uint8Array, start: number, end: number): Igmp | Trouble {
  return end - start < IGMP_AT.end ? short('igmp', start, IGMP_AT.end, end) : new Igmp(bytes, start, end);
}
