/** Too few file descriptors (EMFILE, ENFILE): the one trouble of the machine that can come at any call. */
import { constants } from 'node:os';

const NUMBERS: readonly number[] = [constants.errno.EMFILE, constants.errno.ENFILE];

/** Node names it in most places, and in some gives only the number. */
export function lacksDescriptors(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_INIT_FAILED') return message.includes('EMFILE');
  return code === 'EMFILE' || code === 'ENFILE' || (errno !== undefined && NUMBERS.includes(Math.abs(errno)));
}

/** The same error, for places where Node does not report it. */
export function tooFewDescriptors(syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall}: EMFILE, too many open files`), { code: 'EMFILE', syscall });
}
