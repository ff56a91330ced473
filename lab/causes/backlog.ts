/**
 * A listener with a full queue: the kernel drops SYNs when more connections wait to be accepted than the backlog
 * has room for (listen(2)). For a listening socket `ss` prints these two numbers as Recv-Q and Send-Q.
 */
import type { Cause } from './cause.ts';
import { covers, waiting } from './evidence/evidence.ts';
import { pausedState } from './evidence/faults-that-stand.ts';

export const backlog: Cause = {
  word: 'backlog',
  async find(evidence) {
    const { target, there, symptom, outcome } = evidence;
    if (!there || target?.transport !== 'tcp' || symptom !== 'silence' || outcome.tuple) return undefined;
    const listeners = (await waiting(there, 'tcp')).filter(({ local }) => local.port === target.port);
    const full = listeners.find((one) => covers(one, target.address) && one.receiveQueue > one.sendQueue);
    if (!full) return undefined;
    const paused = pausedState(evidence, there);
    const wait = `${full.receiveQueue} of ${full.sendQueue} not yet accepted`;
    return `${there.name}'s backlog of port ${target.port} is full: ${wait}${paused ? `; ${paused}` : ''}`;
  },
};
