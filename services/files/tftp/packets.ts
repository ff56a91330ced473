/** The packets of TFTP (RFC 1350, section 5) and of its options (RFC 2347): read and written. */

const HEAD_BYTES = 4;
const OPCODES = { readRequest: 1, writeRequest: 2, data: 3, ack: 4, error: 5, optionsAccepted: 6 } as const;
/** The error codes of RFC 1350, section 5, and RFC 2347 that this server sends. */
export const CODES = { undefined: 0, missing: 1, access: 2, illegal: 4 } as const;

export interface Request {
  readonly does: 'read' | 'write';
  readonly name: Buffer;
  /** In small letters. */
  readonly mode: string;
  /** By their names in small letters; the first of a name counts. */
  readonly options: ReadonlyMap<string, string>;
}

/** Undefined for what is no request. */
export function requestIn(packet: Buffer): Request | undefined {
  const opcode = opcodeOf(packet);
  if (opcode !== OPCODES.readRequest && opcode !== OPCODES.writeRequest) return undefined;
  const end = packet.indexOf(0, 2);
  if (packet.at(-1) !== 0 || end === packet.length - 1) return undefined;
  const [mode = '', ...rest] = packet.toString('latin1', end + 1, packet.length - 1).split('\0');
  const options = new Map<string, string>();
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const option = rest[at]!.toLowerCase();
    if (!options.has(option)) options.set(option, rest[at + 1]!);
  }
  const does = opcode === OPCODES.readRequest ? 'read' : 'write';
  return { does, name: Buffer.from(packet.subarray(2, end)), mode: mode.toLowerCase(), options };
}

export type Answer =
  | { readonly is: 'ack'; readonly block: number }
  | { readonly is: 'error'; readonly text: string };

/** Undefined for what a client that reads does not send. */
export function answerIn(packet: Buffer): Answer | undefined {
  const opcode = opcodeOf(packet);
  if (opcode === OPCODES.ack) return { is: 'ack', block: packet.readUInt16BE(2) };
  if (opcode !== OPCODES.error) return undefined;
  return { is: 'error', text: packet.toString('utf8', HEAD_BYTES, 200).replace(/\0.*$/s, '') };
}

/** Block numbers begin again at 0 after 65,535. */
export function dataPacket(block: number, bytes: Buffer): Buffer {
  return Buffer.concat([head(OPCODES.data, block & 0xffff), bytes]);
}

export function errorPacket(code: number, text: string): Buffer {
  return Buffer.concat([head(OPCODES.error, code), Buffer.from(`${text}\0`)]);
}

export function optionsPacket(options: ReadonlyMap<string, string>): Buffer {
  const words = [...options].flat().map((word) => `${word}\0`);
  return Buffer.concat([head(OPCODES.optionsAccepted, 0).subarray(0, 2), Buffer.from(words.join(''))]);
}

/** 0, which no packet has, for what is too short. */
function opcodeOf(packet: Buffer): number {
  return packet.length < HEAD_BYTES ? 0 : packet.readUInt16BE(0);
}

function head(opcode: number, number: number): Buffer {
  const packet = Buffer.alloc(HEAD_BYTES);
  packet.writeUInt16BE(opcode, 0);
  packet.writeUInt16BE(number, 2);
  return packet;
}
