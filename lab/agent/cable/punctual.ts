/** How the thread that carries frames has its turn when it wants it, not when others are done. */
import koffi from 'koffi';
import { CABLE_THREAD } from './thread-calls.ts';

const libc = koffi.load(null);
const prctl = libc.func('int prctl(int option, ulong one, ulong two, ulong three, ulong four)');
const setName = libc.func('int prctl(int option, str name)');

const PR_SET_NAME = 15;
const PR_SET_TIMERSLACK = 29;

/** By its name it is known to whoever may put it ahead of others (engines/netns/ahead.ts). */
export function bePunctual(): void {
  setName(PR_SET_NAME, CABLE_THREAD);
  // The kernel wakes it when it asked to be woken, not up to 50 µs later with others.
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}
