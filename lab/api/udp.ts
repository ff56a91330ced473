/** UDP for a test: a socket that sends and receives datagrams. RFC 768. */

import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import { LabError } from '../errors.ts';
import { type Family, familyOf } from '../model/address.ts';
import type { Datagrams } from '../outcomes/conversation.ts';
import { internals } from './internals.ts';
import { type ByFamily, bytesOf, closeQuietly, GIVE_UP, type Patience, timedOut } from './waiting.ts';

export interface UdpOptions extends Patience, ByFamily {
  /** Local port, or local address and port. */
  from?: number | string;
  /** Tells the kernel the peer: then ICMP errors reach this socket (`refused`), and it hears nobody else. */
  connect?: boolean;
  /** IP time to live, also of multicast. */
  ttl?: number;
  /** A multicast group to hear: `239.1.2.3`, `ff02::4242`. */
  join?: string;
}

export interface Datagram {
  from: Endpoint;
  bytes: Buffer;
  /** The bytes as UTF-8. */
  text: string;
}

type Resolve = (endpoint: string, defaultPort?: number, family?: Family) => Endpoint;

/** One UDP socket. Iterating gives the datagrams as they come; where none comes, it throws a NetworkFailure `timeout`. */
export class UdpSocket implements AsyncDisposable, AsyncIterable<Datagram> {
  readonly transport = 'udp';
  /** Milliseconds since the Unix epoch, taken before the first datagram. */
  readonly opened: number;
  readonly [internals]: Datagrams;
  readonly #giveUp: number;
  readonly #resolve: Resolve;

  constructor(socket: Datagrams, opened: number, resolve: Resolve, giveUp: number = GIVE_UP) {
    this[internals] = socket;
    this.opened = opened;
    this.#resolve = resolve;
    this.#giveUp = giveUp;
  }

  get local(): Endpoint {
    return this[internals].local;
  }

  /** The endpoint that it was opened for; undefined for a socket that listens. */
  get remote(): Endpoint | undefined {
    return this[internals].remote;
  }

  /** Sends one datagram to `to` (`bounce:9000`), else to `remote`, else to the last sender. */
  async send(data: string | Uint8Array, to?: string | Endpoint): Promise<void> {
    const target =
      typeof to === 'string'
        ? this.#resolve(to, undefined, familyOf(this.local.address))
        : (to ?? this[internals].target);
    if (!target) {
      throw new LabError('usage', 'the receiver is missing: nobody has sent anything to this socket yet', {
        hint: "say it: send(data, 'bounce:9000')",
      });
    }
    await this[internals].send(bytesOf(data), target);
  }

  /** The next datagram. */
  async receive({ giveUp = this.#giveUp }: Patience = {}): Promise<Datagram> {
    const began = performance.now();
    const datagram = await this[internals].receive(began + patient(giveUp));
    if (!datagram) throw timedOut('no datagram came', 'recvfrom', began, this.local);
    return { ...datagram, text: datagram.bytes.toString() };
  }

  async close(): Promise<void> {
    await closeQuietly(() => this[internals].close());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Datagram, void, undefined> {
    for (;;) yield await this.receive();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
