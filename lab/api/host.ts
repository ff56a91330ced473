/** One host of a lab, for a test. Every call acts from inside the host. */

import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import type {
  Downloaded,
  InterfaceState,
  NeighbourState,
  NtpAnswer,
  RouteState,
  SocketState,
} from '../agent/protocol.ts';
import type { RunningProgram } from '../engines/engine.ts';
import type { LiveHost } from '../live/host.ts';
import { type Family, familyOf } from '../model/address.ts';
import type { Plan } from '../model/planned.ts';
import { Datagrams, Listener, Stream } from '../outcomes/conversation.ts';
import { resolveAddress, resolveEndpoint } from '../plan/plan.ts';
import type { Local } from '../steps/arguments.ts';
import { everywhere } from '../steps/listen.ts';
import { ChatPerson } from './chat.ts';
import { type Command, type CommandOptions, runCommand } from './command.ts';
import { Events } from './events.ts';
import type { Exchange } from './exchange.ts';
import { type HttpOptions, type HttpResult, httpFrom } from './http.ts';
import { internals } from './internals.ts';
import { type Pinged, type PingOptions, pingFrom } from './ping.ts';
import { TcpConnection, TcpListener, type TcpOptions } from './tcp.ts';
import { type UdpOptions, UdpSocket } from './udp.ts';
import { type ByFamily, GIVE_UP, type Patience } from './waiting.ts';

/** Milliseconds for a whole file. */
const DOWNLOAD = 4 * GIVE_UP;
/** Bytes of a file that a download keeps. */
const KEPT = 64 * 1024;

/** A port on every address of the host (of one family), or one address and port. `backlog`: connections that may wait. */
export type ListenTcp = { tcp: Local; backlog?: number; reuse?: boolean } & ByFamily;
export type ListenUdp = { udp: Local; join?: string; reuse?: boolean } & ByFamily;

/**
 * Endpoints are texts as in a scenario: `echo:9000`, `10.50.1.10:9000`, `broadcast:9000`. A failure of the network is
 * thrown as NetworkFailure. A call that makes no sense, with an unknown host for instance, throws LabError.
 */
export class Host {
  readonly name: string;
  /** The events of this host's own side: of its program and its listeners. */
  readonly events: Events;
  readonly #live: LiveHost;
  /** Hosts may move. */
  readonly #plan: () => Plan;

  constructor(live: LiveHost, plan: () => Plan) {
    this.name = live.name;
    this.events = new Events(live.events);
    this.#live = live;
    this.#plan = plan;
  }

  get [internals](): LiveHost {
    return this.#live;
  }

  /** On its first network, of that network's first family. */
  get address(): string {
    return this.#live.plan.interfaces[0]!.addresses[0]!.address;
  }

  /** One for each network, of the network's first family. */
  get addresses(): Record<string, string> {
    const { interfaces } = this.#live.plan;
    return Object.fromEntries(interfaces.map(({ network, addresses }) => [network, addresses[0]!.address]));
  }

  /** All its addresses, of both families. */
  get allAddresses(): string[] {
    const { interfaces } = this.#live.plan;
    return interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  }

  /** The program that runs on it beside its agent. */
  get program(): RunningProgram | undefined {
    return this.#live.program;
  }

  /** The last lines of its program, without those that are events. */
  get words(): readonly string[] {
    return this.#live.words;
  }

  async tcp(to: string, options: TcpOptions = {}): Promise<TcpConnection> {
    const { from, family, giveUp = GIVE_UP } = options;
    const opened = Date.now();
    const { agent } = this.#live;
    const remote = this.#resolve(to, undefined, family);
    const local = from === undefined ? {} : { from: this.#local(from, familyOf(remote.address)) };
    const connected = await agent.tcpConnect({ to: remote, giveUp: patient(giveUp), ...local });
    return new TcpConnection(new Stream(agent, connected), opened, giveUp);
  }

  /** A UDP socket for datagrams to `to`; nothing is sent yet. */
  async udp(to: string, options: UdpOptions = {}): Promise<UdpSocket> {
    const { from, family, connect = false, ttl, join, giveUp } = options;
    const opened = Date.now();
    const remote = this.#resolve(to, undefined, family);
    const found = await this.#live.agent.udpOpen({
      to: remote,
      connect,
      ...(from !== undefined && { bind: this.#local(from, familyOf(remote.address)) }),
      ...(ttl !== undefined && { ttl }),
      ...(join !== undefined && { join: [{ group: join }] }),
    });
    const socket = new Datagrams(this.#live.agent, found, { remote, connected: connect });
    return new UdpSocket(socket, opened, this.#resolve, giveUp);
  }

  /** Takes a port of this host. Its connections and datagrams are events of the host, too. */
  listen(at: ListenTcp): Promise<TcpListener>;
  listen(at: ListenUdp): Promise<UdpSocket>;
  listen(at: ListenTcp | ListenUdp): Promise<TcpListener | UdpSocket> {
    return 'tcp' in at ? this.#listenTcp(at) : this.#listenUdp(at);
  }

  /** The time as text, in a strftime format; port 9000 where none is said. */
  async time(
    to: string,
    { format = '', family, giveUp = GIVE_UP }: Patience & ByFamily & { format?: string } = {},
  ) {
    const exchange = this.#exchange('udp', to, 9000, family);
    const found = await this.#live.agent.time({ to: exchange.remote, format, giveUp: patient(giveUp) });
    return { ...exchange, ...found } satisfies Exchange;
  }

  /** RFC 5905; port 123 where none is said. Times are seconds. */
  async ntp(
    to: string,
    { version = 4, family, giveUp = GIVE_UP }: Patience & ByFamily & { version?: 3 | 4 } = {},
  ): Promise<Exchange & NtpAnswer> {
    const exchange = this.#exchange('udp', to, 123, family);
    const found = await this.#live.agent.ntp({ to: exchange.remote, version, giveUp: patient(giveUp) });
    return { ...exchange, ...found };
  }

  /** Fetches a whole file by name: the number and hash of all bytes, and the first `keep` of them (64 KiB) as `head`. */
  async download(
    to: string,
    name: string,
    { keep = KEPT, family, giveUp = DOWNLOAD }: Patience & ByFamily & { keep?: number } = {},
  ): Promise<Exchange & Downloaded> {
    const exchange = this.#exchange('tcp', to, 9000, family);
    const found = await this.#live.agent.download({
      to: exchange.remote,
      name,
      keep,
      giveUp: patient(giveUp),
    });
    return { ...exchange, ...found };
  }

  /** Logs in at a chat relay under a name; port 9000 where none is said. */
  async chat(
    to: string,
    name: string,
    { family, giveUp = GIVE_UP }: Patience & ByFamily = {},
  ): Promise<ChatPerson> {
    const { remote, opened } = this.#exchange('udp', to, 9000, family);
    const { answer, ...found } = await this.#live.agent.chat({ to: remote, name, giveUp: patient(giveUp) });
    const socket = new Datagrams(this.#live.agent, found, { remote });
    return new ChatPerson(name, answer, socket, opened, this.#resolve, giveUp);
  }

  /**
   * Sends a request to a server, or several on one connection: `web`, `web:8080` or `http://web:8080/path`; port 80 where
   * none is said. Redirects are not followed.
   */
  http(to: string, options: HttpOptions = {}): Promise<HttpResult> {
    return httpFrom(this.#live.agent, this.#resolve, to, options);
  }

  /** ICMP echo requests by the host's own ping. No answer at all is a NetworkFailure. */
  ping(to: string, options: PingOptions = {}): Promise<Pinged> {
    return pingFrom(this.#live, resolveAddress(this.#plan(), this.name, to, options.family), options);
  }

  /** Runs a line of the shell, or a program and its arguments. An exit code other than 0 is no error. */
  exec(command: string | readonly string[], options: CommandOptions = {}): Promise<Command> {
    return runCommand(this.#live.agent, command, options);
  }

  interfaces(): Promise<InterfaceState[]> {
    return this.#live.agent.interfaces();
  }

  routes(): Promise<RouteState[]> {
    return this.#live.agent.routes();
  }

  neighbours(): Promise<NeighbourState[]> {
    return this.#live.agent.neighbours();
  }

  sockets(): Promise<SocketState[]> {
    return this.#live.agent.sockets();
  }

  readonly #resolve = (endpoint: string, defaultPort?: number, family?: Family): Endpoint =>
    resolveEndpoint(this.#plan(), this.name, endpoint, defaultPort, family);

  #local(from: Local, family?: Family): Endpoint | { port: number } {
    return typeof from === 'number' ? { port: from } : this.#resolve(from, undefined, family);
  }

  #exchange(transport: Exchange['transport'], to: string, defaultPort: number, family?: Family) {
    return { transport, remote: this.#resolve(to, defaultPort, family), opened: Date.now() };
  }

  async #listenTcp({ tcp, backlog, reuse = false, family }: ListenTcp): Promise<TcpListener> {
    const { agent } = this.#live;
    const at =
      typeof tcp === 'number'
        ? everywhere(this.#live.plan, tcp, family)
        : { at: this.#resolve(tcp, undefined, family) };
    return new TcpListener(
      new Listener(agent, await agent.tcpListen({ ...at, reuse, ...(backlog !== undefined && { backlog }) })),
    );
  }

  async #listenUdp({ udp, join, reuse = false, family }: ListenUdp): Promise<UdpSocket> {
    const { agent } = this.#live;
    const opened = Date.now();
    const groups = join === undefined ? {} : { join: [{ group: join }] };
    const found = await agent.udpOpen({
      bind: this.#local(udp, family),
      ...groups,
      reuse,
      ...(family && { family }),
    });
    return new UdpSocket(new Datagrams(agent, found), opened, this.#resolve);
  }
}
