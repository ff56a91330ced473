/** The program is stopped: its kernel answers for it as far as a kernel can. */
import type { Cause } from './cause.ts';
import { pausedState } from './evidence/faults-that-stand.ts';
import type { Machine } from './evidence/machine.ts';

export const paused: Cause = {
  word: 'paused',
  async find(evidence) {
    const { there, symptom, target, outcome } = evidence;
    if (!there || symptom !== 'silence' || target?.transport === 'icmp') return undefined;
    // The server that hands out addresses is not a program of the scenario.
    if (outcome.leasing) return undefined;
    // The kernel completes handshakes without the program: a missing handshake has another cause.
    if (target?.transport === 'tcp' && !outcome.tuple) return undefined;
    const whose = `${there.name}'s`;
    const state = pausedState(evidence, there, whose) ?? (await stopped(there, whose));
    if (state === undefined) return undefined;
    const meanwhile =
      target?.transport === 'tcp' ? 'its kernel still accepts' : 'its kernel still takes datagrams';
    return `${state}: ${meanwhile}, nobody reads`;
  },
};

/** The program is stopped by a signal that no step sent. */
async function stopped(there: Machine, whose: string): Promise<string | undefined> {
  if (!there.host.program || there.host.ended) return undefined;
  const all = await there.processes();
  const still = all.filter(({ state }) => state === 'T');
  if (still.length === 0 || still.length < all.length) return undefined;
  return `${whose} program is stopped (process ${still[0]!.pid}, ${still[0]!.name})`;
}
