/** The agent's calls for TCP: connections, listeners, and the options of a connection. All times are milliseconds. */
import type { Endpoint } from './endpoint.ts';
import type { Connected, Handle, Opened } from './opened.ts';

/** The times of keepalive probes. An absent one is as the host's sysctls say. */
export interface Keepalive {
  /** Milliseconds before the first probe, in whole seconds. */
  idle?: number;
  /** Milliseconds between two probes, in whole seconds. */
  interval?: number;
  /** Probes without an answer after which the connection is given up. */
  count?: number;
}

/** An option that is absent stays as it is. */
export interface TcpOptions {
  /** False: Nagle's algorithm holds small segments back. */
  nodelay?: boolean;
  keepalive?: boolean | Keepalive;
}

export interface TcpCalls {
  tcpConnect(request: {
    to: Endpoint;
    from?: { address?: string; port?: number };
    giveUp: number;
  }): Promise<Connected>;
  /** `::` takes IPv4 as well, unless `ipv6Only`. */
  tcpListen(request: {
    at: Endpoint;
    backlog?: number;
    ipv6Only?: boolean;
    /** The port is shared with others that say so too (SO_REUSEPORT). */
    reuse?: boolean;
  }): Promise<Opened>;
  tcpAccept(request: { handle: Handle; giveUp: number }): Promise<Connected>;
  tcpSet(request: { handle: Handle; options: TcpOptions }): Promise<void>;
  /** Resolves when the kernel has taken every byte. Bytes that it has not taken when `giveUp` passes are still on their way. */
  tcpSend(request: { handle: Handle; bytes: Uint8Array; giveUp: number }): Promise<{ sent: number }>;
  /** At least one byte, or the peer's FIN (`end`, with no bytes). At most `max` bytes. */
  tcpReceive(request: {
    handle: Handle;
    max: number;
    giveUp: number;
  }): Promise<{ bytes: Uint8Array; end: boolean }>;
  /** Sends our FIN, after all bytes sent before it. `giveUp` is 10 s by default. A second call is no error. */
  tcpShutdown(request: { handle: Handle; giveUp?: number }): Promise<void>;
  /** Sends a RST; the handle is gone then. */
  tcpReset(request: { handle: Handle }): Promise<void>;
}
