/** The clock that the program tells: the machine's, wrong by as much as it is set, and going too fast or too slow. */
import { createServer, type Server } from 'node:net';
import { nowMicroseconds } from '../clock.ts';

/** A socket in the host's own network namespace that is no file (unix(7), abstract): nothing of it is on the wire. */
export const CLOCK_SOCKET = '\0lanlab-clock';

/** `by` in microseconds, positive is ahead; `drift` in parts per million, positive is too fast. */
export interface Skew {
  readonly by: number;
  readonly drift: number;
}

export class ToldClock {
  readonly #offset: number;
  #skew: Skew = { by: 0, drift: 0 };
  #since = 0;

  /** Microseconds by which it is wrong from the beginning. */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** From now on. An earlier skew is forgotten. */
  set(skew: Skew): void {
    this.#skew = skew;
    this.#since = nowMicroseconds();
  }

  /** The time that it shows at a moment of the machine's clock, both in microseconds since 1970. */
  at(microseconds: number): number {
    const { by, drift } = this.#skew;
    return microseconds + this.#offset + by + Math.round(((microseconds - this.#since) * drift) / 1e6);
  }
}

/** A line of JSON sets the clock and is answered by `ok`; anything else by what is wrong. Undefined where the socket is taken. */
export function clockSetting(clock: ToldClock, path: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n') || text.length > 1000) socket.end(`${setBy(text, clock)}\n`);
    });
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ path }, () => resolve(server));
    server.unref();
  });
}

function setBy(line: string, clock: ToldClock): string {
  try {
    const { by, drift } = JSON.parse(line) as Partial<Skew>;
    if (!Number.isFinite(by) || !Number.isFinite(drift)) return 'by and drift are numbers';
    clock.set({ by: by!, drift: drift! });
    return 'ok';
  } catch {
    return 'this is not JSON';
  }
}
