/**
 * The words of ping where an answer does not come: an ICMP error of a host on the way, or the word of its own kernel.
 * Pure.
 */
import type { FailureKind } from '../agent/protocol.ts';

export interface PingError {
  kind: FailureKind;
  /** The kernel's name for it. */
  errno: string;
  /** The call that failed; `ping` where it was no call but a message that came. */
  syscall: string;
  /** `time to live exceeded`, `administratively prohibited`, `network is unreachable` */
  says: string;
  /** Address of who said it; absent where it was the host's own kernel, or ping does not tell. */
  from?: string;
  /** Bytes of the largest packet that fits, where the packet was too large and the message has the number. */
  mtu?: number;
}

/** They tell of something else: the request goes on (RFC 792, RFC 6633). */
const NO_ERROR = /^(redirect|source quench)/i;

/** The same in both families, and in every version. */
const SAYS: [ping: RegExp, says: string][] = [
  [/^packet filtered|prohibited$|^communication/i, 'administratively prohibited'],
  [/^time to live exceeded|hop limit/i, 'time to live exceeded'],
  [/^frag needed|^packet too big/i, 'fragmentation needed'],
];

/**
 * As Linux does it with a socket (icmp_err_convert, icmpv6_err_convert). For any other message there is no way either.
 */
const ERRNOS: [ping: RegExp, errno: string][] = [
  [/frag needed|too (big|long)/i, 'EMSGSIZE'],
  [/net (unreachable|unknown|prohibited)|no route/i, 'ENETUNREACH'],
  [/./, 'EHOSTUNREACH'],
];

/** The first ICMP error that ping shows: RFC 792, RFC 4443 section 3. */
export function spoken(output: string): PingError | undefined {
  for (const line of output.split('\n')) {
    const iputils = /^From (\S+?):? icmp_seq=\d+ (.+?)\s*$/.exec(line);
    const busybox = /got ICMP \d+ \((.+)\)/.exec(line);
    const text = iputils?.[2] ?? busybox?.[1];
    if (text === undefined || NO_ERROR.test(text)) continue;
    const errno = ERRNOS.find(([ping]) => ping.test(text))![1];
    const says = SAYS.find(([ping]) => ping.test(text))?.[1] ?? text.toLowerCase();
    const kind = errno === 'EMSGSIZE' ? 'too-large' : 'unreachable';
    const from = iputils?.[1]?.replace(/%.*$/, '');
    return { kind, errno, syscall: 'ping', ...withMtu(says, text), ...(from !== undefined && { from }) };
  }
  return undefined;
}

/** The words of both C libraries, and of ping itself; kinds as those of a socket. */
const KERNEL: [words: RegExp, errno: string, kind: FailureKind][] = [
  [/network (is )?unreachable/i, 'ENETUNREACH', 'unreachable'],
  [/no route to host|host is unreachable/i, 'EHOSTUNREACH', 'unreachable'],
  [/network is down/i, 'ENETDOWN', 'unreachable'],
  [/host is down/i, 'EHOSTDOWN', 'unreachable'],
  [/address family .*not supported/i, 'EAFNOSUPPORT', 'unreachable'],
  [/cannot assign requested address|address not available/i, 'EADDRNOTAVAIL', 'not-available'],
  [/message too long/i, 'EMSGSIZE', 'too-large'],
  [/operation not permitted/i, 'EPERM', 'not-permitted'],
  [/permission denied/i, 'EACCES', 'not-permitted'],
];

const CALLS = ['connect', 'bind', 'sendmsg', 'sendto'];

/**
 * The word of the host's own kernel, where it sent nothing. Whether ping may work at all (`socket:`) is another
 * matter.
 */
export function refused(output: string): PingError | undefined {
  for (const line of output.split('\n')) {
    const [, call = 'ping', text = ''] =
      /^(?:ping6?: )?(?:local error: )?(?:(\S+): )?(.+?)\s*$/.exec(line) ?? [];
    // All that iputils makes of EACCES in IPv4, be the reason a broadcast address or a route that forbids it.
    const words = text.replace(/^Do you want to ping broadcast.*/, 'Permission denied');
    const found = KERNEL.find(([pattern]) => pattern.test(words));
    if (!found || !/^(ping6?|connect|bind|sendto|sendmsg): /.test(line)) continue;
    const [, errno, kind] = found;
    if (call === 'socket' && kind === 'not-permitted') continue;
    const syscall = CALLS.includes(call) ? call : 'ping';
    return { kind, errno, syscall, ...withMtu(words.replace(MTU, '').toLowerCase(), words) };
  }
  return undefined;
}

/** `(mtu = 1400)` and `, mtu=1400` of IPv4, `: mtu=1400` and `, mtu: 1400` of IPv6; a router before RFC 1191 tells 0. */
const MTU = /[,:]? \(?mtu ?[=:] ?(\d+)\)?/;

function withMtu(says: string, text: string): Pick<PingError, 'says' | 'mtu'> {
  const mtu = Number(MTU.exec(text)?.[1] ?? 0);
  return mtu === 0 ? { says } : { says: `${says}, MTU ${mtu}`, mtu };
}
