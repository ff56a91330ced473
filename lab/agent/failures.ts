/** Turns what Node throws into what the network said. */

import type { Endpoint } from './endpoint.ts';
import { type FailureKind, NetworkFailure } from './protocol.ts';

const KINDS: Record<string, FailureKind> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  EADDRINUSE: 'in-use',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EADDRNOTAVAIL: 'not-available',
  EMSGSIZE: 'too-large',
  EBADF: 'closed',
  ECANCELED: 'closed',
  EOF: 'closed',
};

/** Milliseconds since `start`, a reading of `performance.now()`. */
export function since(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1000;
}

export function failure(error: unknown, syscall: string, start: number, local?: Endpoint): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  const { code, syscall: called, message } = error as NodeJS.ErrnoException;
  const errno = code ?? 'UNKNOWN';
  return new NetworkFailure({
    kind: KINDS[errno] ?? 'other',
    errno,
    syscall: called ?? syscall,
    message: message ?? String(error),
    after: since(start),
    ...(local && { local }),
  });
}

/**
 * The failure of a call that somebody on the way, or the other end, has answered. For "administratively prohibited" of ICMP,
 * Linux says EHOSTUNREACH. For that of ICMPv6 (RFC 4443 section 3.1, codes 1, 5 and 6) it says EACCES. Here the network's
 * refusal has one name in both families. The host's own EACCES does not come here.
 */
export function answered(error: unknown, syscall: string, start: number, local?: Endpoint): NetworkFailure {
  const { data } = failure(error, syscall, start, local);
  const four = local !== undefined && !local.address.includes(':');
  if (data.errno !== 'EACCES' || four) return new NetworkFailure(data);
  const message = `${data.message}: administratively prohibited, as ICMPv6 says`;
  return new NetworkFailure({ ...data, kind: 'unreachable', message });
}

export function timedOut(syscall: string, start: number, local?: Endpoint): NetworkFailure {
  return new NetworkFailure({
    kind: 'timeout',
    errno: 'ETIMEDOUT',
    syscall,
    message: `${syscall}: no answer in ${Math.round(performance.now() - start)} ms`,
    after: since(start),
    ...(local && { local }),
  });
}

/** The peer's FIN came where the rest of its answer was expected. */
export function ended(syscall: string, start: number, local?: Endpoint): NetworkFailure {
  return new NetworkFailure({
    kind: 'closed',
    errno: 'EOF',
    syscall,
    message: `${syscall}: the other host closed the connection before the end of its answer`,
    after: since(start),
    ...(local && { local }),
  });
}

/** The error that the kernel has (shutdown(2), EPIPE) for a side that has sent its FIN; Node does not ask the kernel. */
export function halfClosed(syscall: string): NetworkFailure {
  return new NetworkFailure({
    kind: 'closed',
    errno: 'EPIPE',
    syscall,
    message: `${syscall}: this side is shut down: its FIN was the last that it sends`,
    after: 0,
  });
}

export function closed(syscall: string): NetworkFailure {
  return new NetworkFailure({
    kind: 'closed',
    errno: 'EBADF',
    syscall,
    message: `${syscall}: this socket is already closed`,
    after: 0,
  });
}
