/** The sent bytes have arrived, and wait in the peer's socket. */
import type { Cause } from './cause.ts';
import { connectionAt, ends } from './evidence/evidence.ts';

export const unread: Cause = {
  word: 'unread',
  async find(evidence) {
    const { there, target, symptom, outcome } = evidence;
    if (!there || target?.transport !== 'tcp' || symptom !== 'silence' || !outcome.tuple) return undefined;
    const known = await ends(evidence);
    const socket = known && (await connectionAt(there, known.theirs, known.ours));
    if (!socket || socket.receiveQueue === 0) return undefined;
    const { receiveQueue } = socket;
    const [bytes, wait] = receiveQueue === 1 ? ['byte', 'waits'] : ['bytes', 'wait'];
    return `${receiveQueue} ${bytes} ${wait} unread in ${there.name}'s socket (Recv-Q): its program does not read`;
  },
};
