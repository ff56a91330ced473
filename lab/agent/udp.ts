/** UDP sockets: RFC 768, multicast RFC 1112. One socket an address, so that it is known to where each datagram came. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { everyAddress, ownAddresses } from './addresses.ts';
import { closed, failure, timedOut } from './failures.ts';
import type { Handles } from './handles.ts';
import { happening, plain, type Report, received } from './happening.ts';
import type { AgentCalls, Endpoint, Opened } from './protocol.ts';
import { Bell } from './waiting.ts';

interface Datagram {
  from: Endpoint;
  to: Endpoint;
  bytes: Buffer;
}

type OpenRequest = Parameters<AgentCalls['udpOpen']>[0];

/** Datagrams held for a caller that does not ask for them; what comes after is lost, as in a full socket buffer. */
const HELD = 1_000;

export class DatagramSocket {
  readonly #sockets: Socket[];
  readonly #bell = new Bell();
  readonly #queue: Datagram[] = [];
  readonly #connected: boolean;
  #peer: Endpoint | undefined;
  #answering: Socket;
  #error: Error | undefined;
  #closed = false;

  constructor(sockets: Socket[], peer: Endpoint | undefined, connected: boolean, report?: Report) {
    this.#sockets = sockets;
    this.#peer = peer;
    this.#connected = connected;
    this.#answering = sockets[0]!;
    for (const socket of sockets) this.#listen(socket, report);
  }

  #listen(socket: Socket, report: Report | undefined): void {
    const to = addressOf(socket);
    socket.on('message', (bytes, sender) => {
      const from = plain(sender.address, sender.port);
      report?.(happening('receive', 'udp', to, from, received(bytes)));
      if (this.#queue.length < HELD) this.#queue.push({ from, to, bytes });
      this.#bell.ring();
    });
    socket.on('error', (error) => {
      this.#error = error;
      this.#bell.ring();
    });
  }

  async send(bytes: Uint8Array, to: Endpoint | undefined): Promise<{ sent: number }> {
    const start = performance.now();
    this.#throwError('send', start);
    if (this.#closed) throw closed('send');
    const target = to ?? this.#peer;
    if (!target)
      throw failure(new Error('to whom? nobody has sent anything to this socket yet'), 'send', start);
    const sent = this.#connected
      ? sendConnected(this.#answering, bytes)
      : sendTo(this.#answering, bytes, target);
    try {
      return { sent: await sent };
    } catch (error) {
      throw failure(error, 'send', start, addressOf(this.#answering));
    }
  }

  async receive(giveUp: number): Promise<Datagram> {
    const start = performance.now();
    const datagram = await this.#bell.until(() => this.#look(start), giveUp);
    if (!datagram) throw timedOut('recvfrom', start);
    return datagram;
  }

  #look(start: number): Datagram | undefined {
    const datagram = this.#queue.shift();
    if (!datagram) {
      this.#throwError('recvfrom', start);
      if (this.#closed) throw closed('recvfrom');
      return undefined;
    }
    if (!this.#connected) {
      this.#peer = datagram.from;
      this.#answering = this.#socketAt(datagram.to.address) ?? this.#answering;
    }
    return datagram;
  }

  /** An ICMP error is told once, as the kernel does. */
  #throwError(call: string, start: number): void {
    const error = this.#error;
    this.#error = undefined;
    if (error) throw failure(error, call, start, addressOf(this.#answering));
  }

  #socketAt(address: string): Socket | undefined {
    const unicast = new Set(ownAddresses().map((own) => own.address));
    return this.#sockets.find((socket) => unicast.has(address) && socket.address().address === address);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((done) => socket.close(() => done()))));
    this.#bell.ring();
  }
}

function addressOf(socket: Socket): Endpoint {
  const { address, port } = socket.address();
  return plain(address, port);
}

function sendTo(socket: Socket, bytes: Uint8Array, to: Endpoint): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, to.port, to.address, (error, sent) => (error ? reject(error) : resolve(sent)));
  });
}

function sendConnected(socket: Socket, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, (error, sent) => (error ? reject(error) : resolve(sent)));
  });
}

/** Answers at once: every address that an agent is given is literal. */
function literal(address: string, ...rest: unknown[]): void {
  const callback = rest.at(-1) as (error: null, address: string, family: number) => void;
  callback(null, address, isIPv6(address) ? 6 : 4);
}

function openSocket(family: 'udp4' | 'udp6', address: string | undefined, port: number): Promise<Socket> {
  const start = performance.now();
  const socket = createSocket({ type: family, lookup: literal });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(failure(error, 'bind', start));
    });
    socket.bind({ port, exclusive: true, ...(address !== undefined && { address }) }, () => {
      socket.removeAllListeners('error');
      if (family === 'udp4') socket.setBroadcast(true);
      resolve(socket);
    });
  });
}

function connectSocket(socket: Socket, to: Endpoint): Promise<void> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    socket.connect(to.port, to.address, ((error?: Error) =>
      error ? reject(failure(error, 'connect', start)) : resolve()) as () => void);
  });
}

/**
 * The address that the kernel's route gives a datagram to there: a socket connected and closed again, no frame.
 * The limited broadcast address has no route; it leaves from the first card.
 */
async function sourceFor(to: Endpoint): Promise<string> {
  const family = isIPv6(to.address) ? 'udp6' : 'udp4';
  const fallback = () => ownAddresses().find((own) => !own.internal)?.address ?? '0.0.0.0';
  if (to.address === '255.255.255.255') return fallback();
  const probe = await openSocket(family, undefined, 0);
  try {
    await connectSocket(probe, to);
    return probe.address().address;
  } catch (error) {
    const multicast = Number(to.address.split('.')[0]) >= 224;
    if (multicast && family === 'udp4') return fallback();
    throw error;
  } finally {
    probe.close();
  }
}

async function openClient(
  request: OpenRequest,
  to: Endpoint,
): Promise<{ socket: DatagramSocket; local: Endpoint }> {
  const address = request.bind?.address ?? (await sourceFor(to));
  const socket = await openSocket(isIPv6(to.address) ? 'udp6' : 'udp4', address, request.bind?.port ?? 0);
  if (request.connect) await connectSocket(socket, to);
  const local = addressOf(socket);
  setUp(socket, request);
  return { socket: new DatagramSocket([socket], to, request.connect === true), local };
}

function setUp(socket: Socket, { ttl, join }: OpenRequest): void {
  if (ttl !== undefined) socket.setTTL(ttl);
  if (ttl !== undefined) socket.setMulticastTTL(ttl);
  const { address } = socket.address();
  if (Number(address.split('.')[0]) < 224 && address !== '0.0.0.0') trySetMulticastInterface(socket, address);
  for (const { group, on } of join ?? []) {
    if (address === group) joinOn(socket, group, on);
  }
}

function trySetMulticastInterface(socket: Socket, address: string): void {
  const own = ownAddresses().find((card) => card.address === address);
  if (own && !own.internal) socket.setMulticastInterface(address);
}

function joinOn(socket: Socket, group: string, on: string | undefined): void {
  const cards = on
    ? [on]
    : ownAddresses()
        .filter((own) => !own.internal)
        .map((own) => own.address);
  for (const card of cards) socket.addMembership(group, card);
}

async function openListener(request: OpenRequest): Promise<{ sockets: Socket[]; local: Endpoint }> {
  const groups = (request.join ?? []).map(({ group }) => group);
  const addresses = [...(request.bind?.address ? [request.bind.address] : everyAddress()), ...groups];
  const sockets: Socket[] = [];
  let port = request.bind?.port ?? 0;
  try {
    for (const address of addresses) {
      const socket = await openSocket(isIPv6(address) ? 'udp6' : 'udp4', address, port);
      sockets.push(socket);
      port = socket.address().port;
      setUp(socket, request);
    }
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
  return { sockets, local: addressOf(sockets[0]!) };
}

type UdpCalls = Pick<AgentCalls, 'udpOpen' | 'udpSend' | 'udpReceive'>;

export function udpCalls(handles: Handles, report: Report): UdpCalls {
  const get = (handle: string, call: string) => handles.get(handle, DatagramSocket, call);
  const open = async (request: OpenRequest): Promise<Opened> => {
    if (request.to) {
      const { socket, local } = await openClient(request, request.to);
      return { handle: handles.keep(socket), local };
    }
    const { sockets, local } = await openListener(request);
    return { handle: handles.keep(new DatagramSocket(sockets, undefined, false, report)), local };
  };
  return {
    udpOpen: open,
    udpSend: async ({ handle, to, bytes }) => get(handle, 'send').send(bytes, to),
    udpReceive: async ({ handle, giveUp }) => get(handle, 'recvfrom').receive(giveUp),
  };
}
