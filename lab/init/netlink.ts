/**
 * Sets a host's cards by messages to the kernel (rtnetlink(7)), in the network namespace of the calling thread. This takes
 * one socket and no process. A command would have to be started for every host.
 */
import { isIPv6 } from 'node:net';
import koffi from 'koffi';
import type { HostSetup } from '../agent/protocol.ts';
import { errnoName } from './kernel.ts';

const libc = koffi.load(null);
const calls = {
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  send: libc.func('long send(int socket, void *bytes, size_t length, int flags)'),
  recv: libc.func('long recv(int socket, _Out_ uint8_t *bytes, size_t length, int flags)'),
  close: libc.func('int close(int file)'),
  indexOf: libc.func('uint if_nametoindex(str name)'),
  toBytes: libc.func('int inet_pton(int family, str text, _Out_ uint8_t *bytes)'),
};

const FAMILY = { ipv4: 2, ipv6: 10, netlink: 16 } as const;
const SOCKET = { raw: 3, closeOnExec: 0o2000000 } as const;
/** nlmsg_type and nlmsg_flags (linux/netlink.h, linux/rtnetlink.h). */
const TYPE = { error: 2, newLink: 16, newAddress: 20 } as const;
const FLAG = { request: 1, acknowledge: 4, exclusive: 0x200, create: 0x400 } as const;
/** Attributes of addresses (linux/if_addr.h) and of links (linux/if_link.h). */
const ADDRESS = { address: 1, local: 2, broadcast: 4, flags: 8 } as const;
const LINK = { familySpec: 26, generationMode: 8 } as const;
const NO_ADDRESS = 1;
const IFF_UP = 1;
const IFA_F_NODAD = 2;
/** rt_scope_t */
const SCOPE = { global: 0, link: 253 } as const;
/** Bytes of struct nlmsghdr, and bytes of an answer, which repeats one message at most. */
const HEADER = 16;
const ANSWER = 4096;

type Card = HostSetup['interfaces'][number];

interface Message {
  /** The name of the message in the error where the kernel refused it. */
  what: string;
  type: number;
  flags: number;
  body: Buffer;
}

/** Brings loopback and these cards up, with the addresses of their plan. Throws an Error that says what was refused. */
export function bringUpCards(cards: readonly Card[]): void {
  const loopback = up('lo', indexOf('lo'));
  const all = cards.flatMap((card) => {
    const index = indexOf(card.name);
    return [
      ...(card.linkLocal ? [] : [withoutLinkLocal(card.name, index)]),
      ...addressesOf(card, index),
      up(card.name, index),
    ];
  });
  exchange([...all, loopback]);
}

/**
 * IPv6 does not look for duplicates first (RFC 4862 section 5.4), because the plan gives each address once. A card whose
 * address is leased has no IPv4 address until it has asked.
 */
function addressesOf({ name, addresses, linkLocal, leased }: Card, index: number): Message[] {
  const given = addresses.filter(({ address }) => !leased || isIPv6(address));
  const all = given.map(({ address, prefix, broadcast }) => ({
    address,
    prefix,
    broadcast,
    scope: SCOPE.global as number,
  }));
  if (linkLocal !== undefined)
    all.push({ address: linkLocal, prefix: 64, broadcast: undefined, scope: SCOPE.link });
  return all.map(({ address, prefix, broadcast, scope }): Message => {
    const six = isIPv6(address);
    const bytes = bytesOf(address);
    const head = Buffer.alloc(8);
    head.writeUInt8(six ? FAMILY.ipv6 : FAMILY.ipv4, 0);
    head.writeUInt8(prefix, 1);
    head.writeUInt8(scope, 3);
    head.writeUInt32LE(index, 4);
    const rest = six ? [attribute(ADDRESS.flags, number(IFA_F_NODAD))] : [];
    if (broadcast !== undefined) rest.push(attribute(ADDRESS.broadcast, bytesOf(broadcast)));
    const body = Buffer.concat([
      head,
      attribute(ADDRESS.local, bytes),
      attribute(ADDRESS.address, bytes),
      ...rest,
    ]);
    return {
      what: `${address}/${prefix} at ${name}`,
      type: TYPE.newAddress,
      flags: FLAG.create | FLAG.exclusive,
      body,
    };
  });
}

function up(name: string, index: number): Message {
  return { what: `${name} up`, type: TYPE.newLink, flags: 0, body: link(index, IFF_UP) };
}

/** A card of IPv4 alone gets no link-local address. */
function withoutLinkLocal(name: string, index: number): Message {
  const mode = attribute(FAMILY.ipv6, attribute(LINK.generationMode, Buffer.from([NO_ADDRESS])));
  const body = Buffer.concat([link(index, 0), attribute(LINK.familySpec, mode)]);
  return { what: `${name} without IPv6`, type: TYPE.newLink, flags: 0, body };
}

/** struct ifinfomsg; `flags` are set, the others stay. */
function link(index: number, flags: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(index, 4);
  head.writeUInt32LE(flags, 8);
  head.writeUInt32LE(flags, 12);
  return head;
}

/** struct rtattr: its length and kind, then its content, filled up to a multiple of four bytes. */
function attribute(kind: number, content: Buffer): Buffer {
  const whole = Buffer.alloc(4 + 4 * Math.ceil(content.length / 4));
  whole.writeUInt16LE(4 + content.length, 0);
  whole.writeUInt16LE(kind, 2);
  whole.set(content, 4);
  return whole;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function indexOf(name: string): number {
  const index = calls.indexOf(name) as number;
  if (index === 0) throw new Error(`there is no card ${name}`);
  return index;
}

function bytesOf(address: string): Buffer {
  const bytes = Buffer.alloc(isIPv6(address) ? 16 : 4);
  if (calls.toBytes(bytes.length === 16 ? FAMILY.ipv6 : FAMILY.ipv4, address, bytes) !== 1)
    throw new Error(`${address} is not an address`);
  return bytes;
}

/** Sends one message after the other, so that the error names the first one that is refused. */
function exchange(messages: readonly Message[]): void {
  const socket = calls.socket(FAMILY.netlink, SOCKET.raw | SOCKET.closeOnExec, 0) as number;
  if (socket < 0) throw new Error(`a netlink socket: ${errnoName(koffi.errno())}`);
  try {
    for (const [index, message] of messages.entries()) ask(socket, message, index + 1);
  } finally {
    calls.close(socket);
  }
}

function ask(socket: number, { what, type, flags, body }: Message, sequence: number): void {
  const message = Buffer.alloc(HEADER + body.length);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(FLAG.request | FLAG.acknowledge | flags, 6);
  message.writeUInt32LE(sequence, 8);
  message.set(body, HEADER);
  const sent = Number(calls.send(socket, message, message.length, 0));
  const answer = Buffer.alloc(ANSWER);
  const came = sent < 0 ? -1 : Number(calls.recv(socket, answer, answer.length, 0));
  if (came < HEADER + 4) throw new Error(`${what}: ${errnoName(koffi.errno())}`);
  // struct nlmsgerr: zero, or the negative errno.
  const refused = answer.readUInt16LE(4) === TYPE.error ? -answer.readInt32LE(HEADER) : 0;
  if (refused !== 0) throw new Error(`${what}: ${errnoName(refused)}`);
}
