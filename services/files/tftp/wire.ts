/** The socket of one transfer: a port of its own (RFC 1350, section 4), connected, so that it hears its client alone. */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Endpoint } from '../../events.ts';
import { codeOf } from '../../tcp-listener.ts';
import type { Wire } from './transfer.ts';

/** Packets that may wait to be read: a client sends one for each window. */
const WAITING = 16;

export interface Socket extends Wire {
  readonly local: Endpoint;
  /** Ends all that goes on, with the reason. */
  end(reason: string): void;
  /** Resolves when what was sent is with the kernel and the port is free. */
  close(): Promise<void>;
}

/** Rejects where there is no descriptor or no port left, or no way to the peer. */
export async function connected(address: string, peer: Endpoint): Promise<Socket> {
  const family = isIPv6(address.replace(/%.*$/, '')) ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (name, _options, done) => done(null, name, family),
  });
  const came: Buffer[] = [];
  let gone: string | undefined;
  let sending = 0;
  let wake = (): void => {};
  const end = (reason: string): void => {
    gone ??= reason;
    wake();
  };
  socket.on('message', (packet) => {
    if (came.length < WAITING) came.push(packet);
    wake();
  });
  socket.on('error', (error) => end(codeOf(error)));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port: 0, exclusive: true }, () =>
      socket.connect(peer.port, peer.address, (error?: Error) => (error == null ? resolve() : reject(error))),
    );
  }).catch((error) => {
    socket.close();
    throw error;
  });
  return {
    local: { address, port: socket.address().port },
    end,
    get gone() {
      return gone;
    },
    send(packet) {
      sending += 1;
      socket.send(packet, (error) => {
        sending -= 1;
        // The kernel says here that the client's port is closed. A full queue is a loss like any other.
        if (error !== null && codeOf(error) === 'ECONNREFUSED') end('ECONNREFUSED');
        if (sending === 0) wake();
      });
    },
    next(milliseconds) {
      const first = came.shift();
      if (first !== undefined || gone !== undefined) return Promise.resolve(first);
      return new Promise((resolve) => {
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          wake();
        }, milliseconds);
        wake = () => {
          if (came.length === 0 && gone === undefined && !late) return;
          clearTimeout(timer);
          wake = () => {};
          resolve(came.shift());
        };
      });
    },
    async close() {
      while (sending > 0) await new Promise<void>((resolve) => (wake = resolve));
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}
