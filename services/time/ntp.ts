/** NTP, the server's half: a request's bytes → the reply's. RFC 5905, section 7.3 (packet) and 6 (timestamp). */
import { ERA, secondsSince1900 } from './seconds.ts';

/** The server's statements about its clock. */
export interface NtpSettings {
  /** 1 primary, 2–15 secondary, 16 not synchronised. */
  readonly stratum: number;
  /** log2 of seconds: -20 is about a microsecond. */
  readonly precision: number;
  /** Seconds. */
  readonly rootDelay: number;
  /** Seconds. */
  readonly rootDispersion: number;
  /** Four bytes: an IPv4 address, or at stratum 1 up to four ASCII characters. */
  readonly referenceId: Buffer;
}

export const NTP_DEFAULTS: NtpSettings = {
  stratum: 2,
  precision: -20,
  rootDelay: 0,
  rootDispersion: 0.001,
  // The usual name of an undisciplined local clock.
  referenceId: Buffer.from([127, 127, 1, 1]),
};

const PACKET_BYTES = 48;
const TIMESTAMP_BYTES = 8;
const CLIENT = 3;
const SERVER = 4;

/** Why a datagram gets no answer; undefined for a request that gets one. */
export function notARequest(packet: Buffer): string | undefined {
  if (packet.length < PACKET_BYTES) return `shorter than ${PACKET_BYTES} bytes`;
  const first = packet.readUInt8(0);
  const version = (first >> 3) & 7;
  if (version !== 3 && version !== 4) return `version ${version}`;
  return (first & 7) === CLIENT ? undefined : `mode ${first & 7}`;
}

/**
 * The reply to a request that {@link notARequest} lets pass. Extension fields and a MAC are not answered: without
 * keys there is nothing to say in them.
 * @param received microseconds since 1970 @param transmitted the same, never before `received`
 */
export function ntpReply(
  request: Buffer,
  received: number,
  transmitted: number,
  settings: NtpSettings,
): Buffer {
  const reply = Buffer.from(statementsOf(settings));
  reply[0] = (request[0]! & 0b00_111_000) | SERVER;
  reply[2] = request[2]!;
  // The machine does not say when its clock was last set, so the reply has the second that has just begun.
  writeTimestamp(reply, 16, Math.floor(received / 1e6) * 1e6);
  for (let at = 0; at < TIMESTAMP_BYTES; at += 1) reply[24 + at] = request[40 + at]!;
  writeTimestamp(reply, 32, received);
  writeTimestamp(reply, 40, transmitted);
  return reply;
}

/** A packet with nothing but the server's statements, for each of its settings. */
const statements = new WeakMap<NtpSettings, Buffer>();

function statementsOf(settings: NtpSettings): Buffer {
  const known = statements.get(settings);
  if (known !== undefined) return known;
  const packet = Buffer.alloc(PACKET_BYTES);
  packet.writeUInt8(settings.stratum, 1);
  packet.writeInt8(settings.precision, 3);
  packet.writeUInt32BE(shortFormat(settings.rootDelay), 4);
  packet.writeUInt32BE(shortFormat(settings.rootDispersion), 8);
  settings.referenceId.copy(packet, 12, 0, 4);
  statements.set(settings, packet);
  return packet;
}

/**
 * A kiss-o'-death: "ask less often" (RFC 5905, section 7.4). It is no time: leap says that the clock is not set, the
 * stratum is 0, and the reference id has the code RATE.
 */
export function kissOfDeath(reply: Buffer): Buffer {
  reply.writeUInt8(reply.readUInt8(0) | 0b11_000_000, 0);
  reply.writeUInt8(0, 1);
  reply.write('RATE', 12, 'latin1');
  return reply;
}

/** 16 bits of seconds, 16 bits of fraction. */
function shortFormat(seconds: number): number {
  return Math.min(Math.round(seconds * 65_536), 0xffff_ffff);
}

/** 32 bits of seconds since 1900, 32 bits of fraction. */
function writeTimestamp(packet: Buffer, at: number, microseconds: number): void {
  const fraction = microseconds - Math.floor(microseconds / 1e6) * 1e6;
  packet.writeUInt32BE(secondsSince1900(microseconds), at);
  packet.writeUInt32BE(Math.floor((fraction / 1e6) * ERA), at + 4);
}
