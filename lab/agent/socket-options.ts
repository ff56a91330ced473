/** Options of an open TCP socket, with the kernel's own values where none is said: Node has others. socket(7), tcp(7). */
import { constants } from 'node:os';
import type { Keepalive } from './tcp-calls.ts';

const SOL_SOCKET = 1;
const SO_KEEPALIVE = 9;
const IPPROTO_TCP = 6;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;

/**
 * Probes of a connection on which nothing comes (RFC 9293 section 3.8.4), or none. Times are milliseconds, and whole seconds
 * for the kernel. Throws an Error with the kernel's `code`.
 */
export async function setKeepalive(file: number, keepalive: boolean | Keepalive): Promise<void> {
  const set = await setsockopt();
  const { idle, interval, count } = typeof keepalive === 'object' ? keepalive : {};
  if (idle !== undefined) set(file, IPPROTO_TCP, TCP_KEEPIDLE, idle / 1000);
  if (interval !== undefined) set(file, IPPROTO_TCP, TCP_KEEPINTVL, interval / 1000);
  if (count !== undefined) set(file, IPPROTO_TCP, TCP_KEEPCNT, count);
  set(file, SOL_SOCKET, SO_KEEPALIVE, keepalive === false ? 0 : 1);
}

type SetOption = (file: number, level: number, option: number, value: number) => void;

/** Loaded only when somebody asks: a host can do without it. */
async function setsockopt(): Promise<SetOption> {
  const { default: koffi } = await import('koffi');
  const call = koffi.load(null).func('int setsockopt(int, int, int, const int *, uint)');
  return (file, level, option, value) => {
    if (call(file, level, option, [value], 4) === 0) return;
    const number = koffi.errno();
    const code = Object.entries(constants.errno).find(([, errno]) => errno === number)?.[0];
    throw Object.assign(new Error(`setsockopt: ${code ?? number}`), { code, syscall: 'setsockopt' });
  };
}
