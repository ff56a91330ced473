/** One connection of a client of IRC: its lines one after the other, its answers, and how it ends. */
import type { Endpoint } from '../../events.ts';
import { type Connection, endOurSide } from '../../tcp-listener.ts';
import type { Turn } from '../../turn.ts';
import { isHarmless } from '../format.ts';
import type { Heard, Person, Room } from '../model.ts';
import { hostOf } from '../people.ts';
import type { Relay } from '../relay.ts';
import { Budget } from './flood.ts';
import { Input } from './input.ts';
import { lineOf, type Message, parseMessage } from './line.ts';
import { numeric, SERVER, TEXTS, type Texted } from './numerics.ts';
import { Output } from './output.ts';

/** Bytes of others' lines that may wait for a client that does not read. */
export const UNREAD = 262_144;
/** Bytes of lines that may wait until a client has lines to say again. */
export const UNHEARD = 8192;
/** How long a client may keep its side open that was told that the connection ends, in milliseconds. */
const LINGER_MS = 2000;

const UTF8 = new TextDecoder('utf-8', { fatal: true });
export interface SessionOptions {
  readonly relay: Relay;
  readonly turn: Turn;
  /** Does what a message asks. */
  command(session: Session, message: Message): void;
  /** Lines a second. */
  readonly rate: number;
  /** Milliseconds in which a client must have said who it is. */
  readonly registerMs: number;
  /** Milliseconds of silence before a client is asked, and again before it is gone. */
  readonly idleMs: number;
}

export class Session implements Person {
  /** `*` until the client has said its name (RFC 2812 has no word for it; all servers write it so). */
  name = '*';
  user = '';
  realName = '';
  readonly transport = 'tcp';
  readonly rooms = new Set<Room>();
  readonly relay: Relay;
  readonly connection: Connection;
  isRegistered = false;
  /** A client that asks what the server can do is not welcomed before it is done with that (`CAP END`). */
  isNegotiating = false;
  readonly #options: SessionOptions;
  readonly #input = new Input();
  readonly #output: Output;
  readonly #budget: Budget;
  readonly #began = performance.now();
  #heard = performance.now();
  #wasAsked = false;
  #isOver = false;
  /** The bytes of the answers to the present line. */
  #answered = 0;
  #waiting: NodeJS.Timeout | undefined;

  constructor(connection: Connection, options: SessionOptions) {
    const { socket } = connection;
    this.connection = connection;
    this.relay = options.relay;
    this.#options = options;
    this.#output = new Output(socket, options.turn);
    this.#budget = new Budget(options.rate);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('drain', () => this.#goOn());
    socket.on('end', () => this.#gone());
    socket.on('close', () => this.#gone());
  }

  get peer(): Endpoint {
    return this.connection.peer;
  }

  hears(said: Heard): void {
    for (const line of said.lines) this.sees(line);
  }

  sees(line: Buffer): void {
    if (this.#isOver) return;
    if (this.#output.waiting > UNREAD) {
      // At the end of the turn: this is in the middle of a line to many.
      this.#options.turn.add(this.#tooSlow);
      return;
    }
    this.send(line);
  }

  send(line: Buffer): void {
    if (this.#isOver) return;
    this.#output.write(line);
    this.connection.message('send', line.subarray(0, -2), { bytes: line.length });
  }

  /** A line of the server's own, in answer to the client. */
  answer(message: string): void {
    const line = lineOf(message);
    this.#answered += line.length;
    this.send(line);
  }

  /** `:chat.lanlab 321 alice REST` */
  numeric(code: number, rest: string): void {
    this.answer(numeric(code, this.name, rest));
  }

  /** A numeric with the text that it always has: `401 alice bob :No such nick/channel`. */
  tells(code: Texted, ...about: string[]): void {
    this.numeric(code, [...about, `:${TEXTS[code]}`].join(' '));
  }

  notice(text: string): void {
    this.answer(`:${SERVER} NOTICE ${this.name} :${text}`);
  }

  /** Tells the client why, and ends the connection. `reason` is the word of the event; others see `why`. */
  end(reason: string, why: string): void {
    if (this.#isOver) return;
    this.answer(`ERROR :Closing Link: ${hostOf(this.peer)} (${why})`);
    this.#leave(reason, why);
    const { socket } = this.connection;
    this.#output.flush();
    endOurSide(socket);
    // Further bytes of the client are thrown away.
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  }

  /** Looks at the time, once a second or so. */
  tick(now: number): void {
    const { registerMs, idleMs } = this.#options;
    if (this.#isOver) return;
    if (!this.isRegistered) {
      if (now - this.#began > registerMs) this.end('late', `no NICK and USER within ${registerMs / 1000} s`);
    } else if (now - this.#heard > 2 * idleMs) {
      this.end('silent', `Ping timeout: ${Math.round((2 * idleMs) / 1000)} s`);
    } else if (now - this.#heard > idleMs && !this.#wasAsked) {
      this.#wasAsked = true;
      this.answer(`PING :${SERVER}`);
    }
  }

  readonly #tooSlow = (): void => {
    if (this.#isOver) return;
    this.#leave('slow', `reads too slowly: ${this.#output.waiting} bytes waited`);
    // Nothing can be told to a client that does not read.
    this.connection.socket.resetAndDestroy();
  };

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#input.push(chunk);
    this.#goOn();
    if (this.#waiting !== undefined && this.#input.waiting > UNHEARD) {
      const { rate } = this.#options;
      this.end(
        'flood',
        `Excess Flood: ${this.#input.waiting} bytes wait, and ${rate} lines a second are heard`,
      );
    }
  }

  /** Does what the lines that have come ask for, as long as the client may ask and takes its answers. */
  #goOn(): void {
    const { socket } = this.connection;
    while (!this.#isOver && this.#waiting === undefined) {
      // Reads no more, so that the client's own sending stops (flow control).
      if (socket.writableNeedDrain) {
        socket.pause();
        return;
      }
      const wait = this.#budget.wait;
      if (wait > 0 && this.#input.waiting > 0) {
        this.#wait(wait);
        return;
      }
      const line = this.#input.next();
      if (line === undefined) {
        socket.resume();
        return;
      }
      this.#heard = performance.now();
      this.#wasAsked = false;
      this.#answered = 0;
      this.#do(line);
      this.#budget.take(this.#answered);
    }
  }

  #wait(ms: number): void {
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      this.#goOn();
    }, ms);
  }

  #do(line: Buffer | 'too long'): void {
    if (line === 'too long') {
      this.tells(417);
      return;
    }
    this.connection.message('receive', line);
    const text = decoded(line);
    if (text === undefined) {
      this.notice('that line was not UTF-8');
      return;
    }
    if (!isHarmless(text)) {
      this.notice('that line had a control character');
      return;
    }
    const message = parseMessage(text);
    if (message !== undefined) this.#options.command(this, message);
  }

  /** The client has ended its side, or the connection is lost. */
  #gone(): void {
    if (this.#isOver) return;
    this.#leave('gone', 'Connection closed');
    this.#output.flush();
    endOurSide(this.connection.socket);
  }

  #leave(reason: string, why: string): void {
    this.#isOver = true;
    clearTimeout(this.#waiting);
    if (this.isRegistered) {
      this.relay.leave(this, why);
      this.connection.report('logout', { name: this.name, reason });
    } else if (reason !== 'gone' && reason !== 'quit') this.connection.report('refuse', { reason: why });
  }
}

function decoded(line: Buffer): string | undefined {
  try {
    return UTF8.decode(line);
  } catch {
    return undefined;
  }
}
