/**
 * The calls that the orchestrator may make to a host's agent. Calls travel over one byte stream as length-prefixed messages
 * (see framing.ts). A call that the network refuses throws a NetworkFailure: the network's answer, as the host's own kernel
 * gave it. All times are milliseconds.
 */

import type { AddressCalls } from './address-calls.ts';
import type { CableCalls } from './cable/cable-calls.ts';
import type { Capabilities } from './capability.ts';
import type { ClockCalls } from './clock.ts';
import type { DiskCalls } from './disk-calls.ts';
import type { Endpoint } from './endpoint.ts';

export {
  type Impairment,
  LINK,
  type Matching,
  type Stage,
  type Tally,
  type Verdict,
} from './cable/impairment.ts';
export type { CableAccount } from './cable/thread-calls.ts';
export { CAPABILITIES, type Capabilities, type Capability, type Lacking } from './capability.ts';
export { DISK } from './disk-calls.ts';

import type { HostSetup, Readdressing, RouteSetup } from './host-setup.ts';
import type { HttpCalls, Untrusted } from './http-calls.ts';
import type { Handle, Opened } from './opened.ts';
import type { InterfaceState, NeighbourState, ProcessState, RouteState, SocketState } from './states.ts';
import type { TcpCalls } from './tcp-calls.ts';

export type { LeaseTerms, Resolver, ServingSetup } from './dnsmasq.ts';
export type { HostSetup, Readdressing, RouteSetup } from './host-setup.ts';
export type { HttpAnswer, HttpRequest, TlsRequest, TlsSession, Untrusted } from './http-calls.ts';
export { NOT_TLS } from './http-calls.ts';
export type { Connected, Handle, Opened } from './opened.ts';
export type { Keepalive, TcpOptions } from './tcp-calls.ts';
export type { Lease } from './udhcpc.ts';
export type { InterfaceState, NeighbourState, ProcessState, RouteState, SocketState };

/** How the network said no. The words are those of `expect: { fails: … }`. */
export const FAILURE_KINDS = [
  'refused',
  'timeout',
  'unreachable',
  'reset',
  'in-use',
  'not-permitted',
  'not-available',
  'too-large',
  'untrusted',
  'closed',
  'other',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface NetworkFailureData {
  kind: FailureKind;
  /** The kernel's name for it, for instance `ECONNREFUSED`; `ETIMEDOUT` also where our own limit ended the wait. */
  errno: string;
  /** The call that failed: `connect`, `bind`, `send`… */
  syscall: string;
  message: string;
  /** Milliseconds from the call to the failure. */
  after: number;
  /** Local address and port where a socket already had them. */
  local?: Endpoint;
  /** The standard error of a command whose time was over. */
  stderr?: string;
  /** The first bytes that came in place of an answer. */
  came?: Uint8Array;
  /** The server's certificate that was not trusted. */
  untrusted?: Untrusted;
  /** Lines of SSLKEYLOGFILE for the conversation that failed (RFC 9850). */
  keys?: string[];
}

/** The network's refusal, as the host's own kernel told it. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';
  readonly data: NetworkFailureData;
  constructor(data: NetworkFailureData) {
    super(data.message);
    this.data = data;
  }

  get kind(): FailureKind {
    return this.data.kind;
  }

  get errno(): string {
    return this.data.errno;
  }

  /** Milliseconds from the call to the failure. */
  get after(): number {
    return this.data.after;
  }
}

/** The machine is so busy that a part which always answers at once has not answered for long. Nothing is wrong with the lab. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** One thing the agent's own listeners saw; the same shape as the five programs print (services/). */
export interface HostEvent {
  /** ISO 8601, microseconds where the platform gives them. */
  time: string;
  event: string;
  transport?: 'tcp' | 'udp';
  peer?: Endpoint;
  local?: Endpoint;
  bytes?: number;
  text?: string;
  [extra: string]: unknown;
}

export interface NtpAnswer {
  local: Endpoint;
  version: number;
  mode: number;
  leap: number;
  stratum: number;
  /** log2 seconds */
  precision: number;
  referenceId: string;
  /** Seconds. RFC 5905 section 8: offset of the server's clock from ours, and round-trip delay. */
  offset: number;
  delay: number;
  rootDispersion: number;
}

export interface Downloaded {
  local: Endpoint;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** The first bytes, at most `keep` of the request. */
  head: Uint8Array;
}

export interface ExecResult {
  /** null where a signal ended it. */
  exit: number | null;
  signal: string | null;
  stdout: Uint8Array;
  stderr: Uint8Array;
  /** True where output beyond 1 MiB a stream was dropped. */
  truncated: boolean;
  /** Bytes of each stream, with those that were dropped. */
  said: { stdout: number; stderr: number };
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** One piece of a process's output, or the way it ended, or nothing yet. */
export type ProcessOutput =
  | { stream: 'stdout' | 'stderr'; bytes: Uint8Array }
  /** `exit` is null where a signal ended it. */
  | { exit: number | null; signal: string | null }
  | { waiting: true };

/**
 * Frames that come by the cables of the given cards (their planned MACs name them) are dropped on this host's cable, before
 * its `eth0` sees them. It does not matter what the frames carry (ARP and broadcasts too), or what MAC they are from. Each
 * host of a cut is asked, also one that is only not heard: `from` is empty there. A cut both ways is one request at each end.
 */
export interface CutRequest {
  id: string;
  from: { mac: string }[];
}

/** The receiver of marks: a group of local scope (RFC 2365), at the discard port (RFC 863). */
export const MARK: Endpoint = { address: '239.255.76.76', port: 9 };
/** The same where a network has no IPv4: a transient group of the link's scope (RFC 4291 section 2.7). */
export const MARK_V6: Endpoint = { address: 'ff12::4c4c', port: 9 };

/** The counts of a capture program. They are complete with as many frames captured as received, and none dropped. */
export interface CaptureCounts {
  /** Frames that it has put out. */
  captured: number;
  /** Frames that the kernel had for it. */
  received: number;
  /** Of those, frames that the kernel had to throw away. */
  dropped: number;
}

export interface AgentCalls extends AddressCalls, CableCalls, ClockCalls, DiskCalls, HttpCalls, TcpCalls {
  /** A factor for the agent's own limits in seconds, from now on. */
  bePatient(request: { factor: number }): Promise<void>;
  configure(setup: HostSetup): Promise<{ capabilities: Capabilities }>;
  /** For when hosts came or went: the cards on each of this host's networks, in its order, its hosts file and its routes. */
  renew(request: { members: string[][]; hostsFile: string; routes: RouteSetup[] }): Promise<void>;
  /** The card's cable is about to be led into another network: its addresses, routes and lease go, without a word to anybody. */
  leave(request: { card: string }): Promise<void>;
  /** The cable has been: the card gets these addresses. Routes come with `renew`, or with a lease. */
  readdress(request: Readdressing): Promise<void>;
  /** `mode`: its permissions, 0644 where absent. With `keep`, a file that is there already stays as it is. */
  writeFile(request: {
    path: string;
    bytes: Uint8Array;
    append?: boolean;
    keep?: boolean;
    mode?: number;
  }): Promise<void>;

  /**
   * With `to` it is a client: the socket is bound to the source address that the route gives, so `local` is the literal one.
   * With `connect` the kernel knows the peer too, and tells ICMP errors. Without `to` it is a listener, which reports what it
   * receives as events. A listener has a socket for each of the host's addresses and broadcast addresses; of one `family`
   * alone, where that is given. With an address in `bind`, it has a socket for this address alone. Either also hears the
   * groups of `join`, on the same port.
   */
  udpOpen(request: {
    bind?: { address?: string; port?: number };
    family?: 'ipv4' | 'ipv6';
    to?: Endpoint;
    connect?: boolean;
    /** The port is shared with others that say so too (SO_REUSEPORT). */
    reuse?: boolean;
    /** Multicast groups, on the interface that has address `on` (default: every interface). */
    join?: { group: string; on?: string }[];
    ttl?: number;
  }): Promise<Opened>;
  /**
   * Without `to`, it goes to the peer that the socket was opened for, or else to the sender of the last datagram received. A
   * connected socket sends nowhere else (`EISCONN`).
   */
  udpSend(request: { handle: Handle; to?: Endpoint; bytes: Uint8Array }): Promise<{ sent: number }>;
  /**
   * `to` is the address the datagram was sent to. Of datagrams that nobody asks for, 1,000 or 4 MiB are held. An ICMP error
   * about a connected socket's datagrams is thrown once.
   */
  udpReceive(request: {
    handle: Handle;
    giveUp: number;
  }): Promise<{ from: Endpoint; to: Endpoint; bytes: Uint8Array }>;

  /** Closes sockets of either transport, and listeners. Unknown handles are no error, so that closing twice is closing once. */
  close(request: { handle: Handle }): Promise<void>;

  time(request: { to: Endpoint; format: string; giveUp: number }): Promise<{ local: Endpoint; text: string }>;
  ntp(request: { to: Endpoint; version: 3 | 4; giveUp: number }): Promise<NtpAnswer>;
  download(request: { to: Endpoint; name: string; keep: number; giveUp: number }): Promise<Downloaded>;
  /** Opens a UDP socket, logs in, and resolves with the relay's answer. Then it is an ordinary UDP handle. */
  chat(request: { to: Endpoint; name: string; giveUp: number }): Promise<Opened & { answer: string }>;

  exec(request: {
    argv: string[];
    env?: Record<string, string>;
    stdin?: Uint8Array;
    giveUp: number;
  }): Promise<ExecResult>;

  /**
   * Starts a program whose input and output are streamed. With `terminal` it has a pty, and its output is one stream. `close`
   * kills the program and all that it started. Throws a NetworkFailure (`ENOENT`, `EACCES`) where there is no such program.
   */
  processStart(request: {
    argv: string[];
    env?: Record<string, string>;
    terminal?: TerminalSize;
  }): Promise<{ handle: Handle }>;
  /** The next output, or at last the end of the process; `waiting` when `giveUp` passes first. */
  processRead(request: { handle: Handle; giveUp: number }): Promise<ProcessOutput>;
  /**
   * `taken` when there is room for more, `waiting` when there was none before `giveUp` passed (ask again with no bytes),
   * `closed` where the program reads no more.
   */
  processWrite(request: {
    handle: Handle;
    bytes: Uint8Array;
    giveUp: number;
  }): Promise<'taken' | 'waiting' | 'closed'>;
  /** Ends the program's input. */
  processEnd(request: { handle: Handle }): Promise<void>;
  /** Signals the program and all that it started. A program that has ended needs no more signals. */
  processSignal(request: {
    handle: Handle;
    signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL';
  }): Promise<void>;
  processResize(request: { handle: Handle; size: TerminalSize }): Promise<void>;

  /**
   * Captures on a card (`eth0`); resolves when the capture listens. `mtu` is the card's. `room` is the number of bytes (whole
   * KiB) that the kernel keeps free for frames that are not read yet, 2 MiB by default. `filter` is one of pcap-filter(7).
   * `close` ends the capture.
   */
  captureStart(request: {
    card: string;
    mtu: number;
    room?: number;
    filter?: string;
  }): Promise<{ handle: Handle }>;
  /**
   * The next bytes of a pcap stream with nanoseconds; none where `giveUp` passes first. `end` comes after the last, with the
   * last words of the capture program. `macs` are those with which the host speaks on the card now, in lower case: a stream
   * of pcap does not say which of its frames were sent here.
   */
  captureRead(request: {
    handle: Handle;
    giveUp: number;
  }): Promise<{ bytes: Uint8Array; end: boolean; said?: string; macs: string[] }>;
  /** Resolves when every frame that the kernel had received before has been put out: `captured` of them in all. */
  captureDrain(request: { handle: Handle }): Promise<CaptureCounts>;
  /** Ends the capture. Frames that it has can still be read to the end. */
  captureStop(request: { handle: Handle }): Promise<CaptureCounts>;
  /**
   * Sends one datagram with this text to MARK from every card of the host (MARK_V6 from one without IPv4). Nobody has
   * joined that group: captures see it, programs do not. Frames sent before it on the same card have left before it.
   */
  mark(request: { text: string }): Promise<void>;
  /**
   * From now on the host itself finishes checksums and cuts segments to the MTU, so that its frames are those of the wire,
   * wherever they are captured. `close` gives that work back to its cards.
   */
  offloadOff(): Promise<{ handle: Handle }>;
  /** Planned MACs of the cards that this host does not hear now. */
  cutOff(): Promise<string[]>;

  /** Names of the host's cards that are up and have a carrier. No process is started for it. */
  carriers(): Promise<string[]>;
  interfaces(): Promise<InterfaceState[]>;
  routes(): Promise<RouteState[]>;
  neighbours(): Promise<NeighbourState[]>;
  /** Forgets all neighbours but the permanent ones. They are asked for again, by broadcast, when they are next needed. */
  forgetNeighbours(): Promise<void>;
  sockets(): Promise<SocketState[]>;

  cut(request: CutRequest): Promise<void>;
  heal(request: { id: string }): Promise<void>;
  /**
   * Pulls the cable of an interface (`eth0`) out. The interface stays up and keeps its addresses and routes, and has no
   * carrier. Resolves when the host's kernel knows. A second call changes nothing.
   */
  unplug(request: { card: string }): Promise<void>;
  plug(request: { card: string }): Promise<void>;
  /**
   * The processes of the host's program and of all that it has started, also those that left its process group or its parent.
   * Processes that a step has started are not among them. A program with a process namespace of its own has none.
   */
  processes(): Promise<ProcessState[]>;
  /** Signals each of these processes. Returns their number. */
  signalProgram(request: { signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' }): Promise<number>;
}

/** The events that an agent sends unasked. */
export interface OrchestratorCalls {
  /** `dropped` with a `count` stands for events that nobody read in time. */
  event(event: HostEvent): void;
  /** Frames are carried inside this host from now on: told once, by an agent that carries them itself. */
  carrying(): void;
}
