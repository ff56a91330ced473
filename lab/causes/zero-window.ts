/** The peer's kernel has no room for more, because its program does not read. RFC 9293 section 3.8.6.1. */
import type { Endpoint } from '../agent/endpoint.ts';
import { showEndpoint } from '../outcomes/show.ts';
import type { Cause } from './cause.ts';
import { pausedState } from './evidence/faults-that-stand.ts';
import { leftFrom } from './evidence/seen-frames.ts';

export const zeroWindow: Cause = {
  word: 'zero-window',
  async find(evidence) {
    const { there, here, target, symptom, outcome, seen } = evidence;
    if (!there || target?.transport !== 'tcp' || symptom !== 'silence' || !outcome.tuple) return undefined;
    const { local, remote } = outcome.tuple;
    // The persist timer runs while the peer's window is closed, and only then.
    const printed = await here.says('ss', '-Htno', 'state', 'established', ...between(local, remote));
    if (!printed.includes('timer:(persist,')) return undefined;
    const state = pausedState(evidence, there);
    await seen?.settled([here.name, there.name].filter(seen.captured));
    const closed = seen
      ?.packets({ transport: 'tcp', from: remote, to: local })
      .findLast((one) => one.frame.tcp?.window === 0 && leftFrom(one, there.name));
    const frame = closed ? ` (frame ${closed.number})` : '';
    return `${there.name} reads no more: its window is 0${frame}${state ? `; ${state}` : ''}`;
  },
};

function between(local: Endpoint, remote: Endpoint): string[] {
  return ['src', showEndpoint(local), 'dst', showEndpoint(remote)];
}
