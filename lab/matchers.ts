/**
 * Matchers for vitest: `import 'lanlab/vitest'` once in a test file, or in `setupFiles`.
 *
 *   await expect(net.host('echo')).toHaveSeen(talk);
 *   await expect(talk).toReceive('HELLO');
 *   await expect(wire).toShow(['tcp alice > echo SYN', 'tcp echo > alice SYN+ACK']);
 */

import { expect } from 'vitest';
import { patient } from './agent/patience.ts';
import { Host } from './api/host.ts';
import { type ReceiveLimits, receive, type Wanted } from './api/receiving.ts';
import { look, type Seeable, type SeenOptions } from './api/seeing.ts';
import { TcpConnection } from './api/tcp.ts';
import { UdpSocket } from './api/udp.ts';
import { type ShowOptions, Wire, type WrittenWire } from './api/wire.ts';
import { LabError } from './errors.ts';
import { visible } from './visible.ts';

export type { Wanted } from './api/receiving.ts';
export type { Seeable, SeenOptions } from './api/seeing.ts';

/** Milliseconds: shorter than a test's own limit (5 s in vitest), so that a failure tells its reason and is no timeout. */
const WITHIN = 2_000;

interface MatcherAnswer {
  pass: boolean;
  message(): string;
  actual?: unknown;
  expected?: unknown;
}

/**
 * Checks that a host's own side saw a host or a conversation. It compares the addresses and ports of both ends with an
 * event of the host's program or of its listeners. The client's own report does not count. `not` needs the time to look:
 * `{ within: 500 }`.
 */
async function toHaveSeen(
  this: { isNot: boolean },
  by: unknown,
  whom: Host | Seeable,
  options: SeenOptions = {},
): Promise<MatcherAnswer> {
  if (!(by instanceof Host)) throw misuse("toHaveSeen looks at a host: expect(net.host('echo'))");
  if (!(whom instanceof Host) && !whom?.local) throw misuse('toHaveSeen takes a host or a conversation');
  const within = this.isNot ? timed(options.within, 'not.toHaveSeen') : patient(options.within ?? WITHIN);
  const { seen, expected, found, unsure } = await look(by, whom, options, within);
  // A test cannot rest on such a result, with `not` or without it.
  if (unsure !== undefined)
    return {
      pass: this.isNot,
      message: () =>
        `lanlab cannot tell what ${by.name} has seen:\n  looked for: ${expected}\n  why:        ${unsure}`,
    };
  const message = () =>
    seen
      ? `${by.name} has seen what it should not have:\n  not expected: ${expected}\n  found:        ${found}`
      : `${by.name} has not seen it within ${within} ms:\n  expected: ${expected}\n  found:    ${found}`;
  return { pass: seen !== undefined, message: () => visible(message()) };
}

/** Checks that this comes next, within so many milliseconds. Everything after it stays for the next reading. */
async function toReceive(
  this: { isNot: boolean },
  from: unknown,
  wanted: Wanted,
  options: { within?: number } = {},
): Promise<MatcherAnswer> {
  if (!(from instanceof TcpConnection || from instanceof UdpSocket)) {
    throw misuse('toReceive looks at a TCP connection or a UDP socket');
  }
  if (this.isNot)
    throw misuse('for nothing at all write { nothing: true }: toReceive({ nothing: true }, { within })');
  const nothing = typeof wanted === 'object' && 'nothing' in wanted;
  const within = nothing
    ? timed(options.within, 'toReceive({ nothing: true })')
    : patient(options.within ?? WITHIN);
  const limits: ReceiveLimits = { within, hold: nothing ? within : undefined };
  const { held, what, expected, found, why } = await receive(from, wanted, limits);
  const message = () => `expected: ${expected ?? what}\nfound:    ${found}\nwhy:      ${why}`;
  return { pass: held, message: () => visible(message()) };
}

/**
 * Checks that the captures of hosts show these frames: lines in order, or the map under `wire:` in a scenario. For absence
 * write `{ never: […] }`, not `not`: it looks when a barrier has come.
 */
async function toShow(
  this: { isNot: boolean },
  wire: unknown,
  wanted: WrittenWire,
  options: Partial<ShowOptions> = {},
): Promise<MatcherAnswer> {
  if (!(wire instanceof Wire)) throw misuse('toShow looks at a capture: expect(await net.capture())');
  if (this.isNot)
    throw misuse('for frames that must not come write { never: […] }: toShow({ never: [line] })');
  const checks = await wire.look(wanted, { ...options, within: patient(options.within ?? WITHIN) });
  const wrong = checks.filter(({ held }) => !held);
  const message = () =>
    wrong
      .map(({ what, expected, found, why }) =>
        [what, expected && `expected: ${expected}`, found && `found:    ${found}`, why && `why:      ${why}`]
          .filter(Boolean)
          .join('\n  '),
      )
      .join('\n');
  return { pass: wrong.length === 0, message: () => visible(message()) };
}

/** A test that looks for absence must say for how long. */
function timed(within: number | undefined, what: string): number {
  if (within !== undefined) return within;
  throw misuse(`${what} needs a time to look for it: { within: 500 }`);
}

function misuse(message: string): LabError {
  return new LabError('usage', message);
}

expect.extend({ toHaveSeen, toReceive, toShow });

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toHaveSeen(whom: Host | Seeable, options?: SeenOptions): Promise<void>;
    toReceive(wanted: Wanted, options?: { within?: number }): Promise<void>;
    toShow(wanted: WrittenWire, options?: Partial<ShowOptions>): Promise<void>;
  }
}
