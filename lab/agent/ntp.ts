/**
 * An NTP client's packet: RFC 5905 section 7.3 (the header), section 8 (the on-wire protocol: valid answers, offset and
 * delay).
 */
import type { NtpAnswer } from './protocol.ts';

const LENGTH = 48;
/** Seconds from 1900 to 1970. */
const EPOCH = 2_208_988_800;
const CLIENT = 3;
const SERVER = 4;
const AT = {
  stratum: 1,
  precision: 3,
  rootDispersion: 8,
  referenceId: 12,
  originate: 24,
  receive: 32,
  transmit: 40,
};

/** `sent` in seconds since 1970. The lowest bits are random, so that an answer proves it saw this request. */
export function encodeRequest(version: 3 | 4, sent: number): Buffer {
  const packet = Buffer.alloc(LENGTH);
  packet[0] = (version << 3) | CLIENT;
  writeStamp(packet, AT.transmit, sent);
  packet[AT.transmit + 7] = Math.floor(Math.random() * 256);
  return packet;
}

/** The facts of the answer, or in words why it does not answer this request. */
export function decodeAnswer(
  packet: Buffer,
  request: Buffer,
  sent: number,
  arrived: number,
): Omit<NtpAnswer, 'local'> | string {
  if (packet.length < LENGTH) return `${packet.length} bytes, at least ${LENGTH} are needed`;
  const mode = packet[0]! & 7;
  if (mode !== SERVER) return `mode ${mode}, a server's is ${SERVER}`;
  const asked = request.subarray(AT.transmit, AT.transmit + 8);
  if (!packet.subarray(AT.originate, AT.originate + 8).equals(asked)) {
    return 'its originate time stamp is not the one that was sent';
  }
  if (packet.readBigUInt64BE(AT.transmit) === 0n) return 'its transmit time stamp is zero';
  const [received, transmitted] = [readStamp(packet, AT.receive), readStamp(packet, AT.transmit)];
  return {
    version: (packet[0]! >> 3) & 7,
    mode,
    leap: packet[0]! >> 6,
    stratum: packet[AT.stratum]!,
    precision: packet.readInt8(AT.precision),
    referenceId: referenceId(packet),
    offset: (received - sent + (transmitted - arrived)) / 2,
    delay: arrived - sent - (transmitted - received),
    rootDispersion: packet.readUInt32BE(AT.rootDispersion) / 65_536,
  };
}

/** The meaning of the codes with which a server refuses the time (RFC 5905 section 7.4). */
const KISSES: Record<string, string> = {
  RATE: 'this host asks more often than the server allows',
  DENY: 'the server refuses this host',
  RSTR: 'the server refuses this host',
};

/** An answer that is a kiss-o'-death: its code and the meaning of it in words. Such an answer has no time. */
export function kissIn({
  stratum,
  referenceId,
}: Pick<NtpAnswer, 'stratum' | 'referenceId'>): { code: string; message: string } | undefined {
  if (stratum !== 0 || !/^[A-Z]{4}$/.test(referenceId)) return undefined;
  const meaning = KISSES[referenceId] ?? 'the server gives no time';
  return { code: referenceId, message: `a kiss-o'-death, ${referenceId}: ${meaning}` };
}

/** Four ASCII letters for stratum 0 (a kiss code, section 7.4) and 1, an IPv4 address beyond. */
function referenceId(packet: Buffer): string {
  const id = packet.subarray(AT.referenceId, AT.referenceId + 4);
  return packet[AT.stratum]! <= 1 ? id.toString('latin1').replace(/\0+$/, '') : [...id].join('.');
}

function writeStamp(packet: Buffer, at: number, seconds: number): void {
  // The sum of a fraction and so large a number would be rounded to the next second.
  packet.writeUInt32BE((Math.floor(seconds) + EPOCH) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, at + 4);
}

/**
 * Seconds since 1970. A stamp does not say its era (RFC 5905 section 6). With the highest bit it is of era 0. Without this
 * bit it is of era 1, which begins in 2036 (RFC 4330 section 3).
 */
function readStamp(packet: Buffer, at: number): number {
  const whole = packet.readUInt32BE(at);
  const era = whole < 0x8000_0000 ? 2 ** 32 : 0;
  return whole + era - EPOCH + packet.readUInt32BE(at + 4) / 2 ** 32;
}
