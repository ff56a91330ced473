/**
 * Keeps two servers from answering each other for ever: one datagram with a false source is enough to begin that.
 *
 * A peer that keeps sending what it was sent is either a client that always says the same or a server that answers.
 * Only a server answers requests from every port, so such a peer gets one more copy, from another port. An answer
 * there proves that it is a server, and it gets no more answers. A client gets every answer it would have got.
 */
import { createSocket } from 'node:dgram';
import { crc32 } from 'node:zlib';
import type { Place } from './addresses.ts';
import type { Endpoint } from './events.ts';
import { sumInCapitals, sumOf } from './sums.ts';

/** A copy is sent at these counts of datagrams that came back: three times, because one copy may be lost. */
const COPY_AT: ReadonlySet<number> = new Set([100, 200, 300]);
/** Where copies do not get through (a firewall), one of so many datagrams that came back gets no answer. */
const LAST_RESORT = 100_000;
/** The number of remembered peers that send what they were sent, and the time after the last datagram, in milliseconds. */
const PEERS = 1024;
const REMEMBERED_MS = 60_000;
/** The number of copies whose answers are awaited at once, and the time for each, in milliseconds. */
const COPIES = 64;
const COPY_MS = 2000;
/** Answers remembered, by a checksum: more than fit the buffers of two sockets, so none on its way is forgotten. */
const ANSWERS = 1 << 16;
/** A longer answer is one of the echo's. It comes back in capitals once, and then unchanged. */
const WORDS_BYTES = 2048;

/** The treatment of a datagram. `copy`: answer it, and send the same from another port. */
export type Verdict = 'answer' | 'copy' | { readonly ignored: string };

interface Suspect {
  /** Datagrams that came back, less those that were new. */
  count: number;
  /** On a steady clock, in milliseconds. */
  last: number;
  server: boolean;
}

/** The peers of one service that send what they were sent. */
export class Loops {
  readonly #answers = new Uint32Array(ANSWERS);
  readonly #suspects = new Map<string, Suspect>();
  #copies = 0;

  /** Remembers what is sent to a peer, as it is and in capitals, as one of these programs would send it back. */
  sent(peer: Endpoint, data: Buffer): void {
    const { seed } = identityOf(peer);
    this.#remember(sumOf(data, seed));
    if (data.length <= WORDS_BYTES) this.#remember(sumInCapitals(data, seed));
  }

  /**
   * Looks at a datagram that came. A service that gives another answer each time, whatever it gets, does not know its own
   * answer's answer: to such a service each datagram is one that came back (`anything`).
   */
  came(peer: Endpoint, data: Buffer, anything = false): Verdict {
    const { key, seed } = identityOf(peer);
    const sum = sumOf(data, seed);
    const known = this.#suspects.get(key);
    const cameBack = anything || this.#answers[sum % ANSWERS] === sum;
    // Nearly every datagram.
    if (known === undefined && !cameBack) return 'answer';
    const now = performance.now();
    if (known?.server === true && now - known.last < REMEMBERED_MS) {
      known.last = now;
      return { ignored: 'a server, which would answer for ever: it answered with a copy of the request' };
    }
    if (!cameBack) {
      if (known !== undefined) known.count = Math.max(0, known.count - 1);
      return 'answer';
    }
    const suspect = known !== undefined && now - known.last < REMEMBERED_MS ? known : this.#add(key);
    suspect.last = now;
    suspect.count += 1;
    if (suspect.count % LAST_RESORT === 0) {
      return { ignored: `it has sent what it was sent ${suspect.count} times, as a server would` };
    }
    return COPY_AT.has(suspect.count) ? 'copy' : 'answer';
  }

  /** Sends `data` to the peer from another port of `place`. An answer there proves that the peer is a server. */
  copy(place: Place, peer: Endpoint, data: Buffer): void {
    const suspect = this.#suspects.get(identityOf(peer).key);
    if (suspect === undefined || this.#copies >= COPIES) return;
    const socket = createSocket({
      type: place.family === 6 ? 'udp6' : 'udp4',
      lookup: (address, _options, done) => done(null, address, place.family),
    });
    this.#copies += 1;
    let open = true;
    const close = (): void => {
      if (!open) return;
      open = false;
      this.#copies -= 1;
      clearTimeout(timer);
      socket.close();
    };
    const timer = setTimeout(close, COPY_MS).unref();
    socket.unref();
    // The kernel of a connected client refuses the copy (ICMP). The next program that has the port is judged again.
    socket.on('error', close);
    socket.on('message', () => {
      suspect.server = true;
      close();
    });
    socket.bind({ address: place.address, port: 0, exclusive: true }, () => {
      // Connected, it hears this peer and no other.
      socket.connect(peer.port, peer.address, (error?: Error) => {
        if (error != null) close();
        else if (open) socket.send(data);
      });
    });
  }

  #remember(sum: number): void {
    this.#answers[sum % ANSWERS] = sum;
  }

  #add(key: string): Suspect {
    this.#suspects.delete(key);
    if (this.#suspects.size >= PEERS) this.#suspects.delete(this.#suspects.keys().next().value ?? '');
    const suspect: Suspect = { count: 0, last: 0, server: false };
    this.#suspects.set(key, suspect);
    return suspect;
  }
}

/** By peer: its name among the suspects, and the sum that begins those of its datagrams. */
const identities = new WeakMap<Endpoint, { readonly key: string; readonly seed: number }>();

function identityOf(peer: Endpoint) {
  const known = identities.get(peer);
  if (known !== undefined) return known;
  const key = `${peer.address} ${peer.port}`;
  const identity = { key, seed: crc32(key) };
  identities.set(peer, identity);
  return identity;
}
