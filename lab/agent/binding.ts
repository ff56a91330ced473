/** The kernel's UDP sockets: bound to an address, connected to a peer; and the address from which a datagram would leave. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { ownAddresses } from './addresses.ts';
import type { Endpoint } from './endpoint.ts';
import { failure } from './failures.ts';

export function familyOf(address: string): 'udp4' | 'udp6' {
  return isIPv6(address) ? 'udp6' : 'udp4';
}

/** Answers at once: every address that an agent is given is literal. */
function literal(address: string, ...rest: unknown[]): void {
  const callback = rest.at(-1) as (error: null, address: string, family: number) => void;
  callback(null, address, isIPv6(address) ? 6 : 4);
}

/** Without an address, the socket is bound to every one. */
export function bindSocket(
  family: 'udp4' | 'udp6',
  address: string | undefined,
  port: number,
  reusePort = false,
): Promise<Socket> {
  const start = performance.now();
  const socket = createSocket({ type: family, lookup: literal, ipv6Only: family === 'udp6', reusePort });
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) => {
      socket.close();
      reject(failure(error, 'bind', start));
    };
    socket.once('error', refuse);
    socket.bind({ port, exclusive: true, ...(address !== undefined && { address }) }, () => {
      socket.off('error', refuse);
      if (family === 'udp4') socket.setBroadcast(true);
      resolve(socket);
    });
  });
}

export function connectSocket(socket: Socket, to: Endpoint): Promise<void> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    socket.connect(to.port, to.address, ((error?: Error) =>
      error ? reject(failure(error, 'connect', start)) : resolve()) as () => void);
  });
}

export function closeSockets(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.close();
}

/**
 * The source address that the kernel's route gives to a datagram. A socket is connected and closed again, without a frame.
 * The limited broadcast address has no route, and a group may have none: datagrams to them leave from the first card.
 */
export async function sourceFor(to: Endpoint): Promise<string> {
  const family = familyOf(to.address) === 'udp6' ? 'ipv6' : 'ipv4';
  const own = ownAddresses().find((one) => !one.internal && one.family === family);
  const first = own?.address ?? (family === 'ipv6' ? '::' : '0.0.0.0');
  if (to.address === '255.255.255.255') return first;
  const probe = await bindSocket(familyOf(to.address), undefined, 0);
  try {
    await connectSocket(probe, to);
    return probe.address().address;
  } catch (error) {
    if (isMulticast(to.address)) return first;
    throw error;
  } finally {
    probe.close();
  }
}

function isMulticast(address: string): boolean {
  if (isIPv6(address)) return /^ff/i.test(address);
  const first = Number(address.split('.')[0]);
  return first >= 224 && first < 240;
}
