/** Reads from a conversation and compares that with the wanted text or bytes: the work of `toReceive`. */

import { LabError } from '../errors.ts';
import { receiveFrom } from '../expectations/reading.ts';
import { type Receive, receiving } from '../expectations/receiving.ts';
import type { Check } from '../outcomes/check.ts';
import { internals } from './internals.ts';
import type { TcpConnection } from './tcp.ts';
import type { UdpSocket } from './udp.ts';

/**
 * Exactly this text or these bytes, something that matches, or the forms that `receive:` takes in a scenario:
 * `{ end: true }`, `{ bytes: 5000 }`, `{ sha256: '…' }`, `{ nothing: true }`.
 */
export type Wanted = string | Uint8Array | RegExp | Record<string, unknown>;

/** Milliseconds. `hold` is the time in which nothing may come, or nothing more. */
export interface ReceiveLimits {
  within: number;
  hold: number | undefined;
}

/** Everything after it stays for the next reading. A reset on the way is thrown as NetworkFailure. */
export function receive(
  from: TcpConnection | UdpSocket,
  wanted: Wanted,
  limits: ReceiveLimits,
): Promise<Check> {
  return receiveFrom(from[internals], read(wanted), { ...limits, rest: 'keep', resolve: unresolved });
}

function read(wanted: Wanted): Receive {
  if (wanted instanceof RegExp) return { matches: wanted };
  if (wanted instanceof Uint8Array) return { exact: { hex: Buffer.from(wanted).toString('hex') } };
  const parsed = receiving.safeParse(wanted);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join('; ');
  throw new LabError('usage', `toReceive does not take this: ${why}`);
}

function unresolved(): never {
  throw new LabError('usage', '`from` is not for toReceive', {
    hint: 'look at (await socket.receive()).from',
  });
}
