/** The lines that wait for one client until the end of a turn of the event loop: one write for all of them. */
import type { Socket } from 'node:net';
import type { Turn } from '../../turn.ts';

/** Bytes that go out at once, and not at the end of the turn. */
const AT_ONCE = 65_536;

export class Output {
  readonly #socket: Socket;
  readonly #turn: Turn;
  #lines: Buffer[] = [];
  #bytes = 0;
  readonly #flush = (): void => this.flush();

  constructor(socket: Socket, turn: Turn) {
    this.#socket = socket;
    this.#turn = turn;
  }

  /** Bytes that the client has not taken. */
  get waiting(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  write(line: Buffer): void {
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#lines.length === 1) this.#turn.add(this.#flush);
    if (this.#bytes > AT_ONCE) this.flush();
  }

  flush(): void {
    const [first] = this.#lines;
    if (first === undefined) return;
    const all = this.#lines.length === 1 ? first : Buffer.concat(this.#lines, this.#bytes);
    this.#lines = [];
    this.#bytes = 0;
    if (this.#socket.writable) this.#socket.write(all);
  }
}
