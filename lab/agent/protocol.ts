/**
 * What the orchestrator may ask of a host's agent. Calls travel over one byte stream as length-prefixed
 * messages (see framing.ts). A call that meets the network's refusal throws a NetworkFailure: the
 * network's answer, as the host's own kernel gave it. All times are milliseconds.
 */

import type { AddressCalls } from './address-calls.ts';
import type { CableCalls } from './cable/cable-calls.ts';
import type { Stage } from './cable/impairment.ts';
import type { Capabilities } from './capability.ts';
import type { LeaseTerms, Resolver } from './dnsmasq.ts';
import type { Endpoint } from './endpoint.ts';

export type { Impairment, Matching, Stage, Tally, Verdict } from './cable/impairment.ts';
export type { Told } from './cable/thread-calls.ts';
export { CAPABILITIES, type Capabilities, type Capability, type Lacking } from './capability.ts';

import type { FirewallSetup } from './nft/firewall.ts';
import type { NatSetup } from './nft/nat.ts';
import type { InterfaceState, NeighbourState, ProcessState, RouteState, SocketState } from './states.ts';

export type { LeaseTerms, Resolver, ServingSetup } from './dnsmasq.ts';
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
  /** What a command had written to standard error when its time was over. */
  stderr?: string;
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

/** The machine has so much to do that what always answers at once has not answered for long. Nothing is wrong with the lab. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** A socket that stays on the agent between calls. */
export type Handle = string;

export interface Opened {
  handle: Handle;
  local: Endpoint;
}
export interface Connected extends Opened {
  remote: Endpoint;
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

/** One piece of what a process put out, or how it ended, or nothing yet. */
export type ProcessOutput =
  | { stream: 'stdout' | 'stderr'; bytes: Uint8Array }
  /** `exit` is null where a signal ended it. */
  | { exit: number | null; signal: string | null }
  | { waiting: true };

/** What a host must look like. */
export interface HostSetup {
  hostname: string;
  interfaces: {
    /** The name it is to have: `eth0`, `eth1`… */
    name: string;
    /** How the agent finds the card that the engine gave it, whatever the engine called it. */
    mac: string;
    /** `broadcast` is IPv4's. */
    addresses: { address: string; prefix: number; broadcast?: string }[];
    /** Where it speaks IPv6: what its MAC makes of it (RFC 4291 section 2.5.6). */
    linkLocal?: string;
    members: string[];
    /** Bytes of the largest packet. */
    mtu: number;
    /** What is not the members' is let in too, as far as it is IPv4 or ARP: the network leads out of the lab. */
    internet: boolean;
    /** Its address comes by DHCP. */
    leased?: LeaseTerms;
    /** The host itself finishes checksums and cuts segments: its frames are impaired one by one. */
    wholeFrames?: true;
    /** What its cable does to frames from the beginning. */
    link?: Stage[];
  }[];
  /** Routes by cards that are not leased, and name servers: the others come with their leases. */
  routes: RouteSetup[];
  resolvers?: Resolver[];
  nat?: NatSetup;
  firewall?: FirewallSetup;
  hostsFile: string;
  sysctls: Record<string, string>;
}

export interface RouteSetup {
  /** `10.50.2.0/24`, or `default` of the family that `via` is of. */
  to: string;
  via: string;
  interface: string;
}

/**
 * Frames that come by the cables of the given cards (their planned MACs name them) are dropped on this host's cable, before
 * its `eth0` sees them: whatever they carry, ARP and broadcasts too, and whatever MAC they are from. Each host of a cut is
 * asked, also one that is only not heard: `from` is empty there. A cut both ways is one request at either end.
 */
export interface CutRequest {
  id: string;
  from: { mac: string }[];
}

/** To whom marks are sent: a group of local scope (RFC 2365), at the discard port (RFC 863). */
export const MARK: Endpoint = { address: '239.255.76.76', port: 9 };
/** The same where a network has no IPv4: a group of the link's scope, for a while (RFC 4291 section 2.7). */
export const MARK_V6: Endpoint = { address: 'ff12::4c4c', port: 9 };

/** What a capture program says of itself. Complete: as many captured as received, none dropped. */
export interface CaptureCounts {
  /** Frames that it has put out. */
  captured: number;
  /** Frames that the kernel had for it. */
  received: number;
  /** Of those, frames that the kernel had to throw away. */
  dropped: number;
}

export interface AgentCalls extends AddressCalls, CableCalls {
  /** A factor for its own limits in seconds, from now on. */
  bePatient(request: { factor: number }): Promise<void>;
  configure(setup: HostSetup): Promise<{ capabilities: Capabilities }>;
  /** When hosts came or went: the cards on each of this host's networks, in its order, its hosts file and routes. */
  renew(request: { members: string[][]; hostsFile: string; routes: RouteSetup[] }): Promise<void>;
  writeFile(request: { path: string; bytes: Uint8Array; append?: boolean }): Promise<void>;

  tcpConnect(request: {
    to: Endpoint;
    from?: { address?: string; port?: number };
    giveUp: number;
  }): Promise<Connected>;
  /** `::` takes what comes by IPv4 as well, unless `ipv6Only`. */
  tcpListen(request: { at: Endpoint; backlog?: number; ipv6Only?: boolean }): Promise<Opened>;
  tcpAccept(request: { handle: Handle; giveUp: number }): Promise<Connected>;
  /** Resolves when the kernel has taken every byte; what it has not when `giveUp` passes is still on its way. */
  tcpSend(request: { handle: Handle; bytes: Uint8Array; giveUp: number }): Promise<{ sent: number }>;
  /** At least one byte, or the peer's FIN (`end`, with no bytes). At most `max` bytes. */
  tcpReceive(request: {
    handle: Handle;
    max: number;
    giveUp: number;
  }): Promise<{ bytes: Uint8Array; end: boolean }>;
  /** Our FIN, after what was sent before it. `giveUp` is 10 s without one. Twice is no error. */
  tcpShutdown(request: { handle: Handle; giveUp?: number }): Promise<void>;
  /** A RST; the handle is gone then. */
  tcpReset(request: { handle: Handle }): Promise<void>;

  /**
   * A client says `to` whom it will speak: the socket is bound to the source address that the route gives, so
   * `local` is the literal one; with `connect` the kernel knows the peer too, and tells ICMP's errors. Without
   * `to` it is a listener: a socket for each of the host's addresses and broadcast addresses (or the one in
   * `bind`; of one `family` alone where it is said), which reports what it receives as events. Either also hears the groups of `join`, on the same port.
   */
  udpOpen(request: {
    bind?: { address?: string; port?: number };
    family?: 'ipv4' | 'ipv6';
    to?: Endpoint;
    connect?: boolean;
    /** Multicast groups, on the interface that has address `on` (default: every interface). */
    join?: { group: string; on?: string }[];
    ttl?: number;
  }): Promise<Opened>;
  /**
   * Without `to`: to whom the socket was opened, or else who sent the last datagram that was received. A connected
   * socket sends nowhere else (`EISCONN`).
   */
  udpSend(request: { handle: Handle; to?: Endpoint; bytes: Uint8Array }): Promise<{ sent: number }>;
  /**
   * `to` is the address the datagram was sent to. Of datagrams that nobody asks for, 1,000 or 4 MiB are held. What
   * ICMP said of a connected socket's datagrams is thrown once.
   */
  udpReceive(request: {
    handle: Handle;
    giveUp: number;
  }): Promise<{ from: Endpoint; to: Endpoint; bytes: Uint8Array }>;

  /** Sockets of either transport, and listeners. Unknown handles are no error: closing twice is closing. */
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
   * Starts a program whose input and output are streamed. With `terminal` it has a pty, and its output is one
   * stream. `close` kills it, and what it started. Throws a NetworkFailure (`ENOENT`, `EACCES`) where there is none.
   */
  processStart(request: {
    argv: string[];
    env?: Record<string, string>;
    terminal?: TerminalSize;
  }): Promise<{ handle: Handle }>;
  /** The next output, or at last how it ended; `waiting` when `giveUp` passes first. */
  processRead(request: { handle: Handle; giveUp: number }): Promise<ProcessOutput>;
  /**
   * `taken` when there is room for more, `waiting` when there was none before `giveUp` passed (ask again with no
   * bytes), `closed` where it reads no more.
   */
  processWrite(request: {
    handle: Handle;
    bytes: Uint8Array;
    giveUp: number;
  }): Promise<'taken' | 'waiting' | 'closed'>;
  /** The end of its input. */
  processEnd(request: { handle: Handle }): Promise<void>;
  /** To the program and what it started. One that has ended needs no more signals. */
  processSignal(request: {
    handle: Handle;
    signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL';
  }): Promise<void>;
  processResize(request: { handle: Handle; size: TerminalSize }): Promise<void>;

  /**
   * Captures on a card (`eth0`); resolves when it listens. `mtu` is the card's, `room` the bytes (whole KiB) that the
   * kernel keeps free for frames that are not read yet, 2 MiB where it is not said. `filter` is one of pcap-filter(7). `close` ends it.
   */
  captureStart(request: {
    card: string;
    mtu: number;
    room?: number;
    filter?: string;
  }): Promise<{ handle: Handle }>;
  /**
   * The next bytes of a pcap stream with nanoseconds; none where `giveUp` passes first. `end` after the last, with what
   * the capture program said last. `macs` are those with which the host speaks on the card now, in lower case: a stream of
   * pcap does not say which of its frames were sent here.
   */
  captureRead(request: {
    handle: Handle;
    giveUp: number;
  }): Promise<{ bytes: Uint8Array; end: boolean; said?: string; macs: string[] }>;
  /** Resolves when every frame that the kernel had received before has been put out: `captured` of them in all. */
  captureDrain(request: { handle: Handle }): Promise<CaptureCounts>;
  /** No more frames; what there is can still be read to its end. */
  captureStop(request: { handle: Handle }): Promise<CaptureCounts>;
  /**
   * Sends one datagram with this text to MARK from every card of the host (MARK_V6 from one without IPv4). Nobody has
   * joined that group: captures see it, programs do not. Frames sent before it on the same card have left before it.
   */
  mark(request: { text: string }): Promise<void>;
  /**
   * From now on the host itself finishes checksums and cuts segments to the MTU, so that what leaves it is what is on
   * the wire, wherever it is captured. `close` gives that work back to its cards.
   */
  offloadOff(): Promise<{ handle: Handle }>;
  /** Planned MACs of the cards that this host does not hear now. */
  cutOff(): Promise<string[]>;

  /** Names of the host's cards that are up and have a carrier. No process is started for it. */
  carriers(): Promise<string[]>;
  interfaces(): Promise<InterfaceState[]>;
  routes(): Promise<RouteState[]>;
  neighbours(): Promise<NeighbourState[]>;
  /** All but the permanent ones are asked for again, by broadcast, when they are next needed. */
  forgetNeighbours(): Promise<void>;
  sockets(): Promise<SocketState[]>;

  cut(request: CutRequest): Promise<void>;
  heal(request: { id: string }): Promise<void>;
  /**
   * Pulls the cable of an interface (`eth0`) out. It stays up and keeps its addresses and routes, and has no carrier.
   * Resolves when the host's kernel knows. Twice is once.
   */
  unplug(request: { card: string }): Promise<void>;
  plug(request: { card: string }): Promise<void>;
  /**
   * The processes of the host's program: what it has started too, also what left its process group or its parent, and
   * not what a step has. None of a program with a process namespace of its own.
   */
  processes(): Promise<ProcessState[]>;
  /** To each of these processes. How many there were. */
  signalProgram(request: { signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' }): Promise<number>;
}

/** What an agent says unasked. */
export interface OrchestratorCalls {
  /** `dropped` with a `count` stands for events that nobody read in time. */
  event(event: HostEvent): void;
}
