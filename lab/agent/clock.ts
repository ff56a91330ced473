/** Sets the clock that the host's time program tells, by the program's own socket. The kernel's clock stays as it is. */
import { connect } from 'node:net';
import { patient } from './patience.ts';

/** In the host's network namespace, and no file (services/time). */
export const CLOCK_SOCKET = '\0lanlab-clock';

/** Milliseconds in which the program has to answer. */
const ANSWERS_WITHIN = 5_000;

export interface ClockCalls {
  /**
   * From now on the clock of the time program is ahead by `by` milliseconds, behind where negative. It goes `drift`
   * parts per million too fast. `none` where no time program runs here.
   */
  skewClock(request: { by: number; drift: number }): Promise<'set' | 'none'>;
}

export const skewClock: ClockCalls['skewClock'] = ({ by, drift }) =>
  new Promise((resolve, reject) => {
    const socket = connect({ path: CLOCK_SOCKET });
    let answer = '';
    socket.setTimeout(patient(ANSWERS_WITHIN), () =>
      socket.destroy(new Error('the time program does not answer')),
    );
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? resolve('none') : reject(error),
    );
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('end', () => {
      if (answer.trim() === 'ok') resolve('set');
      else reject(new Error(`the time program says: ${answer.trim() || 'nothing'}`));
    });
    socket.write(`${JSON.stringify({ by: Math.round(by * 1000), drift })}\n`);
  });
