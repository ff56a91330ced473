/**
 * UDP for the programs: a socket for each address of the host.
 *
 * A wildcard socket answers from the address that the route gives, and that is wrong on a host with two. So each
 * address has a socket of its own, and so has each broadcast address and group. Datagrams to these are answered from
 * the host's own address there. Addresses are looked up again twice a second. No socket sets SO_REUSEADDR, so a
 * second program on the port is an error.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { type Place, places, replyPlace } from './addresses.ts';
import { nowMicroseconds } from './clock.ts';
import type { Emitter, Endpoint, Listening } from './events.ts';
import { hostInterfaces } from './interfaces.ts';
import { Loops, type Verdict } from './loops.ts';
import { cannotListen, type Service } from './serve.ts';
import { codeOf } from './tcp-listener.ts';
import { type Answer, Answers, type Port } from './udp-answers.ts';

/** Services that answer every datagram (RFC 862–868, 5905): an answer to one could go back and forth for ever. */
export const REPLY_PORTS: ReadonlySet<number> = new Set([7, 13, 19, 37, 123]);

const SCAN_MS = 500;
/** Senders that are remembered. */
const PEERS = 1024;
/** How long one look at the host's interfaces serves the answers to broadcasts: a look costs as much as twenty answers. */
const LOOK_MS = 50;
/** Milliseconds that a socket stays after its address is gone: an interface that comes up again answers at once. */
const GONE_MS = 60_000;

export interface Datagram {
  readonly data: Buffer;
  readonly peer: Endpoint;
  /** The address it was sent to: for a broadcast the broadcast address. */
  readonly local: Endpoint;
  /** Whether it was sent to an address of this host, and not to a broadcast address or a group. */
  readonly unicast: boolean;
  /** When it was read, in microseconds since 1970. */
  readonly received: number;
  /** Answers now or at the end of this turn, from the address it was sent to, or from the host's own on that network. */
  reply(answer: Answer): void;
  /** Reports an event about this datagram. */
  report(event: string, details?: Readonly<Record<string, unknown>>): void;
}

export interface DatagramOptions {
  readonly service: string;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly groups: readonly string[];
  /** The environment variable that chooses the port, for the error's hint. */
  readonly setting: string;
  readonly events: Emitter;
  /** Source ports that get no answer. Default {@link REPLY_PORTS} and the service's own port. */
  readonly unanswered?: ReadonlySet<number>;
  /** Whether it answers everything, and never twice the same: then {@link Loops} takes every datagram for an answer. */
  readonly answersAnything?: boolean;
  /** The bytes that the event `receive` shows as text, where they are only a part of the datagram. */
  textOf?(data: Buffer): Buffer | undefined;
  /** False for a protocol whose datagrams are no text: events show only how many bytes they have. Default true. */
  readonly isText?: boolean;
  onDatagram(datagram: Datagram): void;
}

interface Bound extends Port {
  readonly place: Place;
  readonly joined: Set<string>;
  goneSince?: number;
}

/** Listens on every address that `hosts` asks for, now and later. @throws StartError */
export async function listenDatagram(options: DatagramOptions): Promise<Service> {
  const server = new DatagramServer(options);
  await server.start();
  return server;
}

class DatagramServer implements Service {
  readonly #options: DatagramOptions;
  readonly #bound = new Map<string, Bound>();
  /** Addresses whose port another program has taken: reported once, tried again at each scan. */
  readonly #refused = new Set<string>();
  readonly #loops = new Loops();
  readonly #answers: Answers<Bound>;
  /** The sender of the last datagram: most datagrams come from the same sender as the one before. */
  #peer: Endpoint = { address: '', port: 0 };
  /** Senders of late: the same object stands for the same sender, and events of a sender are quicker to write then. */
  readonly #peers = new Map<string, Endpoint>();
  #port: number;
  #timer: NodeJS.Timeout | undefined;
  #looked: { readonly at: number; readonly places: readonly Place[] } = {
    at: Number.NEGATIVE_INFINITY,
    places: [],
  };
  #closed = false;

  constructor(options: DatagramOptions) {
    this.#options = options;
    this.#port = options.port;
    const { events, isText = true } = options;
    this.#answers = new Answers({
      ...{ events, isText, loops: this.#loops },
      portFor: (asked, peer) => this.#answering(asked, peer),
    });
  }

  get addresses(): readonly Listening[] {
    return [...this.#bound.values()]
      .filter((bound) => bound.goneSince === undefined)
      .map((bound) => this.#listening(bound.place));
  }

  async start(): Promise<void> {
    try {
      for (const place of this.#wanted()) await this.#bind(place, true);
    } catch (error) {
      await this.close(0);
      throw error;
    }
    this.#timer = setTimeout(() => this.#scan(), SCAN_MS);
  }

  async close(graceMs = 2000): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { socket } of this.#bound.values()) socket.removeAllListeners('message');
    await this.#answers.close(graceMs);
    const closing = [...this.#bound.values()].map(
      ({ socket }) => new Promise<void>((resolve) => socket.close(resolve)),
    );
    this.#bound.clear();
    await Promise.all(closing);
  }

  #wanted(): Place[] {
    return places(hostInterfaces(), this.#options.hosts, this.#options.groups);
  }

  #listening(place: Place): Listening {
    return { transport: 'udp', address: place.address, port: this.#port, service: this.#options.service };
  }

  async #scan(): Promise<void> {
    const wanted = new Map(this.#wanted().map((place) => [place.address, place]));
    for (const bound of [...this.#bound.values()]) this.#keepOrClose(bound, wanted.has(bound.place.address));
    for (const place of wanted.values()) {
      const bound = this.#bound.get(place.address);
      if (bound === undefined) await this.#bind(place, false);
      else join(bound, place);
    }
    if (!this.#closed) this.#timer = setTimeout(() => this.#scan(), SCAN_MS);
  }

  #keepOrClose(bound: Bound, here: boolean): void {
    const { place, local, goneSince } = bound;
    if (here !== (goneSince === undefined)) {
      if (here) delete bound.goneSince;
      else bound.goneSince = performance.now();
      const event = here ? 'listen' : 'unlisten';
      this.#options.events.emit({ event, transport: 'udp', local });
    }
    // A scope is an interface's number, and an interface that comes back may have another.
    const keep = place.address.includes('%') ? 0 : GONE_MS;
    if (here || performance.now() - (bound.goneSince ?? 0) < keep) return;
    bound.socket.close();
    this.#bound.delete(place.address);
  }

  async #bind(place: Place, first: boolean): Promise<void> {
    let socket: Socket;
    try {
      socket = await openSocket(place, this.#port);
    } catch (error) {
      this.#couldNotBind(place, error, first);
      return;
    }
    if (this.#closed) {
      socket.close();
      return;
    }
    if (this.#port === 0) this.#port = socket.address().port;
    const local = { address: place.address, port: this.#port };
    const bound: Bound = { place, local, socket, joined: new Set() };
    this.#bound.set(place.address, bound);
    this.#refused.delete(place.address);
    join(bound, place);
    socket.on('message', (data, from) => this.#receive(bound, data, from));
    socket.on('error', (error) => this.#lose(bound, error));
    if (!first) this.#options.events.emit({ event: 'listen', transport: 'udp', local });
  }

  /** An address may vanish, or still be tentative (RFC 4862), between the look and the bind: the next scan tries again. */
  #couldNotBind(place: Place, error: unknown, first: boolean): void {
    const code = codeOf(error);
    if (first && (place.named || (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT'))) {
      throw cannotListen(error, this.#listening(place), this.#options.setting);
    }
    if (code === 'EADDRNOTAVAIL' || this.#refused.has(place.address)) return;
    this.#refused.add(place.address);
    this.#options.events.emit({ event: 'error', transport: 'udp', local: this.#local(place), code });
  }

  #lose(bound: Bound, error: Error): void {
    const { local } = bound;
    this.#options.events.emit({ event: 'error', transport: 'udp', local, code: codeOf(error) });
    this.#bound.delete(bound.place.address);
    bound.socket.close();
  }

  #local(place: Place): Endpoint {
    return { address: place.address, port: this.#port };
  }

  #receive(bound: Bound, data: Buffer, from: RemoteInfo): void {
    const received = nowMicroseconds();
    const { events, textOf, isText = true, answersAnything } = this.#options;
    const peer = this.#peerAt(from);
    const ends = { transport: 'udp', peer, local: bound.local } as const;
    const report: Datagram['report'] = (event, details) => events.emit({ event, ...ends, ...details });
    events.message('receive', ends, textOf?.(data) ?? data, { bytes: data.length, at: received, isText });
    const verdict = this.#unanswered(peer.port) ?? this.#loops.came(peer, data, answersAnything);
    if (typeof verdict === 'object') {
      report('ignore', { reason: verdict.ignored, bytes: data.length });
      return;
    }
    if (verdict === 'copy') this.#copy(bound, peer, Buffer.from(data));
    const reply = (answer: Answer): void => this.#answers.add(bound, peer, answer);
    const unicast = bound.place.kind === 'unicast';
    this.#options.onDatagram({ data, peer, local: bound.local, unicast, received, report, reply });
  }

  #peerAt({ address, port }: RemoteInfo): Endpoint {
    const last = this.#peer;
    if (last.port === port && last.address === address) return last;
    const key = `${address} ${port}`;
    this.#peer = this.#peers.get(key) ?? { address, port };
    if (this.#peers.size >= PEERS) this.#peers.clear();
    this.#peers.set(key, this.#peer);
    return this.#peer;
  }

  /** Asks a peer that sends what it was sent whether it is a server ({@link Loops}). */
  #copy(asked: Bound, peer: Endpoint, data: Buffer): void {
    const from = this.#answering(asked, peer.address);
    if (from !== undefined) this.#loops.copy(from.place, peer, data);
  }

  /** Ports where servers are for certain; on any other {@link Loops} finds them out. */
  #unanswered(port: number): Verdict | undefined {
    const { unanswered } = this.#options;
    if (port === 0) return { ignored: 'port 0 asks for no reply (RFC 768)' };
    if ((unanswered ?? REPLY_PORTS).has(port)) return { ignored: `port ${port} is a well-known reply port` };
    if (unanswered === undefined && port === this.#port) {
      return { ignored: `port ${port} is the port of this service` };
    }
    return undefined;
  }

  #answering(asked: Bound, peer: string): Bound | undefined {
    // Nearly every datagram: no need to look further. The address may be gone since, or be back with another socket.
    if (asked.place.kind === 'unicast') return this.#bound.get(asked.place.address);
    // Looked up again, because an interface may have come up since the last scan.
    if (performance.now() - this.#looked.at > LOOK_MS)
      this.#looked = { at: performance.now(), places: this.#wanted() };
    const own = this.#looked.places.filter(({ address }) => this.#bound.has(address));
    const place = replyPlace(own, asked.place, peer);
    return place === undefined ? undefined : this.#bound.get(place.address);
  }
}

function openSocket(place: Place, port: number): Promise<Socket> {
  const socket = createSocket({
    type: place.family === 6 ? 'udp6' : 'udp4',
    ipv6Only: place.family === 6,
    // Peers are literal addresses: answering at once spares a resolver's round for each datagram.
    lookup: (address, _options, done) => done(null, address, place.family),
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: place.address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** Joins the group on the interfaces that are new; one that went and came back is joined again. */
function join(bound: Bound, place: Place): void {
  const joins = new Set(place.joins ?? []);
  for (const gone of bound.joined) if (!joins.has(gone)) bound.joined.delete(gone);
  for (const on of joins) {
    if (bound.joined.has(on)) continue;
    bound.joined.add(on);
    try {
      bound.socket.addMembership(place.address.replace(/%.*$/, ''), on);
    } catch {
      // Already joined under another address of the interface, or the interface cannot join: there is nothing to do.
    }
  }
}
