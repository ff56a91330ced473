/**
 * Whole frames from and to a card (packet(7)). The kernel writes the frames that come into a ring of memory, with their
 * times. From there they are copied into slots, and many of them leave with one system call.
 */
import { constants } from 'node:os';
import koffi from 'koffi';

const libc = koffi.load(null);
const calls = {
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  bind: libc.func('int bind(int socket, void *address, uint length)'),
  setsockopt: libc.func('int setsockopt(int socket, int level, int option, void *value, uint length)'),
  getsockopt: libc.func('int getsockopt(int socket, int level, int option, void *value, void *length)'),
  sendmmsg: libc.func('int sendmmsg(int socket, void *messages, uint count, int flags)'),
  ppoll: libc.func('int ppoll(void *files, ulong count, void *timeout, void *mask)'),
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
const SO_ERROR = 4;
const SO_SNDBUFFORCE = 32;
/** Options of packet(7), linux/if_packet.h. */
const PACKET = { ring: 5, statistics: 6, version: 10, bypass: 20, ignoreOutgoing: 23 } as const;
const TPACKET_V2 = 1;
/** struct tpacket2_hdr: the bits of its status, and the offsets of its fields. */
const STATUS = { kernel: 0, user: 1, tagged: 0x10, tagKnown: 0x40 } as const;
const FIELD = { whole: 4, length: 8, begin: 12, seconds: 16, nanoseconds: 20, tag: 24, tagType: 26 } as const;
/** Bytes in front of a frame in the ring, at most. */
const BEFORE_FRAME = 96;
const MSG_DONTWAIT = 0x40;
const POLLIN = 1;
const POLLERR = 8;
const POLLHUP = 16;
const READ_WRITE = 3;
const SHARED = 1;
const PRIVATE_ANONYMOUS = 0x22;

/** Frames of one system call; bytes of sent frames that the kernel may hold. */
const BATCH = 64;
const ROOM = 8 * 1024 * 1024;
/** Bytes of a ring, and of one block of it. It holds 1,024 frames of Ethernet's size; a slower reader misses frames. */
const RING = 2 * 1024 * 1024;
const BLOCK = 256 * 1024;
/** Frames that are taken from one card at once, so that each card has its turn. */
const TURN = 256;
/** Bytes of struct mmsghdr and struct iovec. */
const HEADER = 64;
const VECTOR = 16;
/** Bytes of a VLAN tag. The kernel takes it out of a frame; we put it back. */
const TAG = 4;

/** Memory for so many frames of so many bytes. The machine gives none of it before it is used. */
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
  length: number;
  /** Seconds since 1970 when it had come. */
  time: number;
}

export function bytesOf({ slots, slot, length }: Held): Buffer {
  const begin = slot * slots.size;
  return slots.memory.subarray(begin, begin + length);
}

/** The memory that a system call passes to the kernel; one set for all sockets of a thread. */
const messages = nativeMemory(BATCH * HEADER);
const vectors = nativeMemory(BATCH * VECTOR);
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
  readonly #ring: Ring | undefined;

  /**
   * With `hears`, the socket gets the frames that come by the card, up to so many bytes each, but none that are sent by it.
   * Otherwise it only sends. Throws an Error with the kernel's `code`.
   */
  constructor(card: string, hears: number | false) {
    const index = calls.indexOf(card) as number;
    if (index === 0) throw refused(`no card ${card}`);
    const type = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC;
    this.file = checked(calls.socket(AF_PACKET, type, 0), 'socket(AF_PACKET)');
    try {
      if (hears !== false) {
        this.#set(SOL_PACKET, PACKET.ignoreOutgoing, 1);
        this.#set(SOL_PACKET, PACKET.version, TPACKET_V2);
        this.#ring = new Ring(this.file, hears);
      } else {
        this.#set(SOL_PACKET, PACKET.bypass, 1);
        // Where this is not permitted, the socket keeps the room that the kernel gives.
        calls.setsockopt(this.file, SOL_SOCKET, SO_SNDBUFFORCE, int(ROOM), 4);
      }
      // struct sockaddr_ll
      const address = Buffer.alloc(20);
      address.writeUInt16LE(AF_PACKET, 0);
      address.writeUInt16BE(hears === false ? 0 : ETH_P_ALL, 2);
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

  /** Frames that have come, TURN at most. Those that have no slot stay with the kernel. */
  receive(slots: Slots): Held[] {
    const held: Held[] = [];
    const most = Math.min(TURN, slots.free);
    while (held.length < most) {
      const frame = this.#ring?.next(slots);
      if (!frame) break;
      held.push(frame);
    }
    return held;
  }

  /** Sends the frames in this order, and returns how many the card took. It leaves out a frame that is too large for the card. */
  send(frames: readonly Held[]): number {
    let [next, sent] = [0, 0];
    while (next < frames.length) {
      const count = Math.min(BATCH, frames.length - next);
      for (let index = 0; index < count; index++) aim(index, frames[next + index]!);
      const took = calls.sendmmsg(this.file, messages.bytes, count, MSG_DONTWAIT) as number;
      // An error is about the first frame: the kernel tells none about a later one.
      if (took < 0 && koffi.errno() !== constants.errno.EMSGSIZE) break;
      next += Math.max(1, took);
      sent += Math.max(0, took);
    }
    return sent;
  }

  /** Frames since the last call that the kernel had no room for, or that were larger than the card may send. */
  missed(): number {
    const tooLarge = this.#ring?.tooLarge ?? 0;
    if (this.#ring) this.#ring.tooLarge = 0;
    const counts = Buffer.alloc(8);
    const length = int(counts.length);
    if ((calls.getsockopt(this.file, SOL_PACKET, PACKET.statistics, counts, length) as number) < 0)
      return tooLarge;
    return tooLarge + counts.readUInt32LE(4);
  }

  close(): void {
    this.#ring?.end();
    calls.close(this.file);
  }
}

/** A ring that the kernel writes and we read, frame after frame, round and round (PACKET_MMAP). */
class Ring {
  readonly #at: unknown;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  readonly #size: number;
  readonly #count: number;
  #next = 0;
  /** Frames since the last call that were larger than the card may send. They are not handed on cut short. */
  tooLarge = 0;

  constructor(file: number, frame: number) {
    // A power of two, so that the frames fill each block.
    this.#size = 2 ** Math.ceil(Math.log2(frame + BEFORE_FRAME));
    const blocks = RING / BLOCK;
    this.#count = RING / this.#size;
    const asked = Buffer.alloc(16);
    for (const [index, value] of [BLOCK, blocks, this.#size, this.#count].entries())
      asked.writeUInt32LE(value, index * 4);
    checked(
      calls.setsockopt(file, SOL_PACKET, PACKET.ring, asked, asked.length),
      'setsockopt PACKET_RX_RING',
    );
    this.#at = calls.mmap(null, RING, READ_WRITE, SHARED, file, 0);
    const memory = koffi.view(this.#at, RING) as ArrayBuffer;
    this.#bytes = Buffer.from(memory);
    this.#words = new Int32Array(memory);
  }

  next(slots: Slots): Held | undefined {
    for (;;) {
      const at = this.#next * this.#size;
      const status = Atomics.load(this.#words, at / 4);
      if (!(status & STATUS.user)) return undefined;
      const whole =
        this.#bytes.readUInt32LE(at + FIELD.whole) === this.#bytes.readUInt32LE(at + FIELD.length);
      const held = whole ? this.#take(at, status, slots) : undefined;
      if (!whole) this.tooLarge += 1;
      Atomics.store(this.#words, at / 4, STATUS.kernel);
      this.#next = (this.#next + 1) % this.#count;
      if (held) return held;
    }
  }

  #take(at: number, status: number, slots: Slots): Held {
    const bytes = this.#bytes;
    const begin = at + bytes.readUInt16LE(at + FIELD.begin);
    const length = bytes.readUInt32LE(at + FIELD.length);
    const time = bytes.readUInt32LE(at + FIELD.seconds) + bytes.readUInt32LE(at + FIELD.nanoseconds) / 1e9;
    const held: Held = { slots, slot: slots.take(), length, time };
    const into = held.slot * slots.size;
    if (status & STATUS.tagged) {
      bytes.copy(slots.memory, into, begin, begin + 12);
      const type = status & STATUS.tagKnown ? bytes.readUInt16LE(at + FIELD.tagType) : 0x8100;
      slots.memory.writeUInt16BE(type, into + 12);
      slots.memory.writeUInt16BE(bytes.readUInt16LE(at + FIELD.tag), into + 14);
      bytes.copy(slots.memory, into + 12 + TAG, begin + 12, begin + length);
      held.length += TAG;
    } else bytes.copy(slots.memory, into, begin, begin + length);
    return held;
  }

  end(): void {
    calls.munmap(this.#at, RING);
  }
}

function aim(index: number, { slots, slot, length }: Held): void {
  vectors.bytes.writeBigUInt64LE(slots.address + BigInt(slot * slots.size), index * VECTOR);
  vectors.bytes.writeBigUInt64LE(BigInt(length), index * VECTOR + 8);
}

/** Waits until one of the files can be read, or for so many milliseconds. Returns which of them can be read. */
export function wait(files: readonly number[], milliseconds: number): boolean[] {
  const asked = Buffer.alloc(files.length * 8);
  for (const [index, file] of files.entries()) {
    asked.writeInt32LE(file, index * 8);
    asked.writeInt16LE(POLLIN, index * 8 + 4);
  }
  calls.ppoll(asked, files.length, Number.isFinite(milliseconds) ? timespec(milliseconds) : null, null);
  return files.map((file, index) => {
    const events = asked.readInt16LE(index * 8 + 6);
    // The socket of a card that went down reports an error until that is read (socket(7)). It hears again when the card is up.
    if (events & POLLERR) calls.getsockopt(file, SOL_SOCKET, SO_ERROR, int(0), int(4));
    return (events & (POLLIN | POLLHUP)) !== 0;
  });
}

function timespec(milliseconds: number): Buffer {
  const time = Buffer.alloc(16);
  const nanoseconds = BigInt(Math.max(0, Math.round(milliseconds * 1e6)));
  time.writeBigInt64LE(nanoseconds / 1_000_000_000n, 0);
  time.writeBigInt64LE(nanoseconds % 1_000_000_000n, 8);
  return time;
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
