/** The lines that wait for one client, and the turn of the event loop in which all clients get theirs: one write for each. */
import type { Socket } from 'node:net';

/** Bytes that go out at once, and not at the end of the turn. */
const AT_ONCE = 65_536;

/** Work that is done once, when everything of this turn of the event loop has been heard. */
export class Turn {
  readonly #waiting = new Set<() => void>();
  #isSet = false;

  add(work: () => void): void {
    this.#waiting.add(work);
    if (this.#isSet) return;
    this.#isSet = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isSet = false;
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const work of all) work();
  }
}

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
