/** One transfer of TFTP: sends blocks, window after window, and repeats what is not acknowledged, so many times and no more. */
import type { Settings } from './options.ts';
import { answerIn, CODES, dataPacket, errorPacket, optionsPacket } from './packets.ts';

/** How often a packet is sent: to somebody who has not answered yet, whose address may be false; and after an answer. */
export const SENDS = { unproven: 3, proven: 6 } as const;
/** Milliseconds until a packet is sent again; each time twice as many, unless the client has said how many. */
export const TIMEOUT_MS = 1000;

/** The way to the client and back. */
export interface Wire {
  send(packet: Buffer): void;
  /** The next packet; undefined when none has come in so many milliseconds, or none can come any more. */
  next(milliseconds: number): Promise<Buffer | undefined>;
  /** The reason why no packet can come any more. */
  readonly gone: string | undefined;
}

/** As the event `close` has it: who ended the transfer, and the bytes that the client has acknowledged. */
export interface Ending {
  readonly by: 'server' | 'peer' | 'reset' | 'error';
  readonly sent: number;
  readonly reason?: string;
}

/** `onProof` is called at the first answer of the client, which shows that it is there and asked. */
export async function transfer(
  wire: Wire,
  blocks: AsyncGenerator<Buffer>,
  settings: Settings,
  onProof: () => void,
): Promise<Ending> {
  const sender = new Sender(wire, settings, onProof);
  let sent = 0;
  try {
    if (settings.accepted.size > 0) await sender.deliver(0, [optionsPacket(settings.accepted)]);
    const window: Buffer[] = [];
    let [first, last] = [1, false];
    for (;;) {
      while (!last && window.length < settings.window) {
        const block = (await blocks.next()).value as Buffer;
        last = block.length < settings.blockBytes;
        window.push(block);
      }
      if (window.length === 0) return { by: 'server', sent };
      const packets = window.map((block, at) => dataPacket(first + at, block));
      const taken = await sender.deliver(first, packets);
      for (const block of window.splice(0, taken)) sent += block.length;
      first += taken;
    }
  } catch (error) {
    if (error instanceof Ended) return { by: error.by, sent, reason: error.message };
    wire.send(errorPacket(CODES.undefined, 'the file cannot be read'));
    return { by: 'error', sent, reason: (error as NodeJS.ErrnoException).code ?? `${error}` };
  } finally {
    await blocks.return(undefined);
  }
}

/** The client, or the way to it, ended the transfer. */
class Ended extends Error {
  readonly by: Ending['by'];

  constructor(by: Ending['by'], reason: string) {
    super(reason);
    this.by = by;
  }
}

class Sender {
  readonly #wire: Wire;
  readonly #settings: Settings;
  readonly #onProof: () => void;
  #proven = false;

  constructor(wire: Wire, settings: Settings, onProof: () => void) {
    this.#wire = wire;
    this.#settings = settings;
    this.#onProof = onProof;
  }

  /** Sends packets with the numbers from `first` until at least one is acknowledged; returns how many are. */
  async deliver(first: number, packets: readonly Buffer[]): Promise<number> {
    let wait = this.#settings.timeoutMs ?? TIMEOUT_MS;
    for (let sends = 1; sends <= (this.#proven ? SENDS.proven : SENDS.unproven); sends += 1) {
      for (const packet of packets) this.#wire.send(packet);
      // A client that lost the first of a window says so at once (RFC 7440, section 4). Once is enough to hear it.
      const taken = await this.#acknowledged(first, packets.length, wait, packets.length > 1 && sends === 1);
      if (taken > 0) return taken;
      if (this.#settings.timeoutMs === undefined) wait *= 2;
    }
    throw new Ended('error', 'the client does not answer');
  }

  /**
   * How many packets of the window the client has; 0 when it is time to send again. An acknowledgement from before the
   * window is passed over, or a packet that is doubled on its way would double all that follow.
   */
  async #acknowledged(first: number, count: number, milliseconds: number, again: boolean): Promise<number> {
    const until = performance.now() + milliseconds;
    for (;;) {
      const packet = await this.#wire.next(Math.max(0, until - performance.now()));
      if (this.#wire.gone !== undefined) throw new Ended('reset', this.#wire.gone);
      if (packet === undefined) return 0;
      const answer = answerIn(packet);
      if (answer?.is === 'error') throw new Ended('peer', answer.text);
      if (answer === undefined) continue;
      const taken = ((answer.block - first) & 0xffff) + 1;
      if (taken <= count) {
        if (!this.#proven) this.#onProof();
        this.#proven = true;
        return taken;
      }
      if (again && taken === 0x10000) return 0;
    }
  }
}
