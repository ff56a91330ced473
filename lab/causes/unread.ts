import type { Cause } from './cause.ts';
import { connectionAt } from './evidence.ts';

/** What we sent has arrived, and lies in the peer's socket. */
export const unread: Cause = {
  word: 'unread',
  async find({ there, target, how, outcome }) {
    if (!there || target?.transport !== 'tcp' || how !== 'silence' || !outcome.tuple) return undefined;
    const { local, remote } = outcome.tuple;
    const socket = await connectionAt(there, remote, local);
    if (!socket || socket.receiveQueue === 0) return undefined;
    const { receiveQueue } = socket;
    const [bytes, wait] = receiveQueue === 1 ? ['byte', 'waits'] : ['bytes', 'wait'];
    return `${receiveQueue} ${bytes} ${wait} unread in ${there.name}'s socket (Recv-Q): its program does not read`;
  },
};
