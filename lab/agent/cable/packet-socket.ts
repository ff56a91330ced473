/**
 * Whole frames from and to a card (packet(7)), many with each system call: what comes is written into slots of memory
 * that the kernel is told of, and goes out of them again without being copied.
 */
import { constants } from 'node:os';
import koffi from 'koffi';

const libc = koffi.load(null);
const calls = {
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  bind: libc.func('int bind(int socket, void *address, uint length)'),
  setsockopt: libc.func('int setsockopt(int socket, int level, int option, void *value, uint length)'),
  getsockopt: libc.func('int getsockopt(int socket, int level, int option, void *value, void *length)'),
  recvmmsg: libc.func('int recvmmsg(int socket, void *messages, uint count, int flags, void *timeout)'),
  sendmmsg: libc.func('int sendmmsg(int socket, void *messages, uint count, int flags)'),
  ppoll: libc.func('int ppoll(void *files, ulong count, void *timeout, void *mask)'),
  prctl: libc.func('int prctl(int option, ulong one, ulong two, ulong three, ulong four)'),
  mmap: libc.func(
    'void *mmap(void *address, size_t length, int protection, int flags, int file, long offset)',
  ),
  munmap: libc.func('int munmap(void *address, size_t length)'),
  indexOf: libc.func('uint if_nametoindex(str name)'),
  close: libc.func('int close(int file)'),
};

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SOL_PACKET = 263;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
/** Options of packet(7), linux/if_packet.h. */
const PACKET = { statistics: 6, auxdata: 8, bypass: 20, ignoreOutgoing: 23 } as const;
const VLAN_VALID = 0x10;
const VLAN_PROTOCOL_VALID = 0x40;
const MSG_DONTWAIT = 0x40;
const POLLIN = 1;
const PR_SET_TIMERSLACK = 29;
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;

/** Frames of one system call; bytes that the kernel may hold for a socket. */
export const BATCH = 64;
const ROOM = 32 * 1024 * 1024;
/** Of struct mmsghdr, struct iovec and a control message with struct tpacket_auxdata. */
const HEADER = 64;
const VECTOR = 16;
const CONTROL = 64;
/** A tag that the kernel has taken out of a frame is put back in front of what was received behind these bytes. */
const TAG = 4;

/** Memory for so many frames of so many bytes. Nothing is taken of the machine before it is used. */
export class Slots {
  readonly size: number;
  readonly memory: Buffer;
  readonly address: bigint;
  readonly #at: unknown;
  readonly #free: number[];

  constructor(count: number, size: number) {
    this.size = size + TAG;
    const bytes = count * this.size;
    this.#at = calls.mmap(null, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    this.address = koffi.address(this.#at);
    this.memory = Buffer.from(koffi.view(this.#at, bytes));
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  get free(): number {
    return this.#free.length;
  }

  take(): number {
    return this.#free.pop()!;
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  end(): void {
    calls.munmap(this.#at, this.memory.length);
  }
}

/** A frame in a slot. */
export interface Held {
  slots: Slots;
  slot: number;
  /** Where it begins in its slot: TAG, or 0 where a tag was put back. */
  offset: number;
  length: number;
}

export function bytesOf({ slots, slot, offset, length }: Held): Buffer {
  const begin = slot * slots.size + offset;
  return slots.memory.subarray(begin, begin + length);
}

/** What the kernel is given with each call; one set for all sockets of a thread. */
const messages = nativeMemory(BATCH * HEADER);
const vectors = nativeMemory(BATCH * VECTOR);
const controls = nativeMemory(BATCH * CONTROL);
for (let index = 0; index < BATCH; index++) {
  messages.bytes.writeBigUInt64LE(vectors.address + BigInt(index * VECTOR), index * HEADER + 16);
  messages.bytes.writeBigUInt64LE(1n, index * HEADER + 24);
}

function nativeMemory(bytes: number): { bytes: Buffer; address: bigint } {
  const at = calls.mmap(null, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
  return { bytes: Buffer.from(koffi.view(at, bytes)), address: koffi.address(at) };
}

export class PacketSocket {
  readonly file: number;

  /**
   * One that hears gets what comes by the card, not what is sent by it; one that does not only sends. Throws an Error with
   * the kernel's `code`.
   */
  constructor(card: string, hears: boolean) {
    const index = calls.indexOf(card) as number;
    if (index === 0) throw refused(`no card ${card}`);
    this.file = checked(
      calls.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
      'socket(AF_PACKET)',
    );
    try {
      this.#set(SOL_PACKET, PACKET.ignoreOutgoing, 1);
      this.#set(SOL_PACKET, PACKET.bypass, 1);
      this.#set(SOL_PACKET, PACKET.auxdata, 1);
      // Whoever may not have as much has what the kernel gives.
      calls.setsockopt(this.file, SOL_SOCKET, SO_RCVBUFFORCE, int(ROOM), 4);
      calls.setsockopt(this.file, SOL_SOCKET, SO_SNDBUFFORCE, int(ROOM), 4);
      // struct sockaddr_ll
      const address = Buffer.alloc(20);
      address.writeUInt16LE(AF_PACKET, 0);
      address.writeUInt16BE(hears ? ETH_P_ALL : 0, 2);
      address.writeInt32LE(index, 4);
      checked(calls.bind(this.file, address, address.length), `bind to ${card}`);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #set(level: number, option: number, value: number): void {
    checked(calls.setsockopt(this.file, level, option, int(value), 4), `setsockopt ${option}`);
  }

  /** Up to BATCH frames that have come. Those that have no slot stay with the kernel. */
  receive(slots: Slots): Held[] {
    const count = Math.min(BATCH, slots.free);
    const held: Held[] = [];
    for (let index = 0; index < count; index++) {
      const slot = slots.take();
      held.push({ slots, slot, offset: TAG, length: 0 });
      aim(index, held[index]!, slots.size - TAG);
      const header = index * HEADER;
      messages.bytes.writeBigUInt64LE(controls.address + BigInt(index * CONTROL), header + 32);
      messages.bytes.writeBigUInt64LE(BigInt(CONTROL), header + 40);
    }
    // A card that went down says so once: there is nothing to read then.
    const came = Math.max(0, calls.recvmmsg(this.file, messages.bytes, count, MSG_DONTWAIT, null) as number);
    for (const [index, frame] of held.entries()) {
      if (index >= came) slots.give(frame.slot);
      else this.#complete(index, frame);
    }
    held.length = came;
    return held;
  }

  #complete(index: number, frame: Held): void {
    frame.length = messages.bytes.readUInt32LE(index * HEADER + 56);
    // struct cmsghdr, then struct tpacket_auxdata: status, …, the tag at 16, its type at 18.
    const control = index * CONTROL;
    if (messages.bytes.readUInt32LE(index * HEADER + 40) < 36) return;
    const status = controls.bytes.readUInt32LE(control + 16);
    if (!(status & VLAN_VALID)) return;
    const begin = frame.slot * frame.slots.size;
    const { memory } = frame.slots;
    memory.copyWithin(begin, begin + TAG, begin + TAG + 12);
    const type = status & VLAN_PROTOCOL_VALID ? controls.bytes.readUInt16LE(control + 34) : 0x8100;
    memory.writeUInt16BE(type, begin + 12);
    memory.writeUInt16BE(controls.bytes.readUInt16LE(control + 32), begin + 14);
    frame.offset = 0;
    frame.length += TAG;
  }

  /** In this order; how many the card took. */
  send(frames: readonly Held[]): number {
    let sent = 0;
    while (sent < frames.length) {
      const count = Math.min(BATCH, frames.length - sent);
      for (let index = 0; index < count; index++) {
        const frame = frames[sent + index]!;
        aim(index, frame, frame.length);
        messages.bytes.writeBigUInt64LE(0n, index * HEADER + 32);
        messages.bytes.writeBigUInt64LE(0n, index * HEADER + 40);
      }
      const took = calls.sendmmsg(this.file, messages.bytes, count, MSG_DONTWAIT) as number;
      if (took <= 0) break;
      sent += took;
    }
    return sent;
  }

  /** Frames since the last time that the kernel had no room for. */
  missed(): number {
    const counts = Buffer.alloc(8);
    const length = int(counts.length);
    if ((calls.getsockopt(this.file, SOL_PACKET, PACKET.statistics, counts, length) as number) < 0) return 0;
    return counts.readUInt32LE(4);
  }

  close(): void {
    calls.close(this.file);
  }
}

function aim(index: number, { slots, slot, offset }: Held, length: number): void {
  vectors.bytes.writeBigUInt64LE(slots.address + BigInt(slot * slots.size + offset), index * VECTOR);
  vectors.bytes.writeBigUInt64LE(BigInt(length), index * VECTOR + 8);
}

/** Waits until one of the files can be read, or for so many milliseconds; which of them can be. */
export function wait(files: readonly number[], milliseconds: number): boolean[] {
  const asked = Buffer.alloc(files.length * 8);
  for (const [index, file] of files.entries()) {
    asked.writeInt32LE(file, index * 8);
    asked.writeInt16LE(POLLIN, index * 8 + 4);
  }
  calls.ppoll(asked, files.length, Number.isFinite(milliseconds) ? timespec(milliseconds) : null, null);
  return files.map((_, index) => asked.readInt16LE(index * 8 + 6) !== 0);
}

function timespec(milliseconds: number): Buffer {
  const time = Buffer.alloc(16);
  const nanoseconds = BigInt(Math.max(0, Math.round(milliseconds * 1e6)));
  time.writeBigInt64LE(nanoseconds / 1_000_000_000n, 0);
  time.writeBigInt64LE(nanoseconds % 1_000_000_000n, 8);
  return time;
}

/** The kernel wakes this thread when it asked to be woken, not up to 50 µs later with others. */
export function bePunctual(): void {
  calls.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function checked(result: unknown, what: string): number {
  if ((result as number) >= 0) return result as number;
  throw refused(what);
}

function refused(what: string): Error {
  const number = koffi.errno();
  const code =
    Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
  return Object.assign(new Error(`${what}: ${code}`), { code });
}
