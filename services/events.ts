/** The events that a program reports about its own work: one event, one JSON object, one line. */
import type { Writable } from 'node:stream';
import { isoMicroseconds, nowMicroseconds } from './clock.ts';
import { lineOf } from './event-line.ts';

export type Transport = 'tcp' | 'udp';
/** `messages`: everything. `connections`: all but `receive` and `send`. `off`: only `ready`. */
export type EventLevel = 'messages' | 'connections' | 'off';
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}
export interface Listening extends Endpoint {
  readonly transport: Transport;
  /** Which of a program's ports this is, for instance `echo` or `capitals`. */
  readonly service: string;
}

/** An event as a program states it; the time is added when it is emitted. */
export interface Happening {
  readonly event: string;
  readonly transport?: Transport;
  readonly peer?: Endpoint;
  readonly local?: Endpoint;
  readonly [detail: string]: unknown;
}
export interface ServiceEvent extends Happening {
  /** RFC 3339, UTC, microseconds. */
  readonly time: string;
}
export type EventSink = (event: ServiceEvent) => void;

/** Whose message it is. */
export interface Ends {
  readonly transport: Transport;
  readonly peer: Endpoint;
  readonly local: Endpoint;
}

export interface Emitter {
  /** False where `receive` and `send` are not wanted: nobody then needs to decode their text. */
  readonly messages: boolean;
  emit(happening: Happening): void;
  /**
   * Reports bytes that came or went, with the start of them as text, where messages are wanted. `at`: in microseconds
   * since 1970, now unless said.
   */
  message(
    event: 'receive' | 'send',
    ends: Ends,
    data: Buffer,
    details?: Readonly<Record<string, unknown>>,
    at?: number,
  ): void;
}

/** Gives events their time and lets through those of the level. */
export function emitter(level: EventLevel = 'messages', sink: EventSink = () => {}): Emitter {
  const messages = level === 'messages';
  return {
    messages,
    message(event, { transport, peer, local }, data, details, at) {
      if (!messages) return;
      const time = isoMicroseconds(at ?? nowMicroseconds());
      const text = textOf(data);
      // Nearly every message: one object, and nothing is copied.
      if (text.length <= TEXT_LIMIT && details === undefined)
        sink({ time, event, transport, peer, local, bytes: data.length, text });
      else sink({ time, event, transport, peer, local, ...shortened(data, text), ...details });
    },
    emit(happening) {
      const { event } = happening;
      if (level === 'off' && event !== 'ready') return;
      if (level === 'connections' && (event === 'receive' || event === 'send')) return;
      sink({ time: isoMicroseconds(nowMicroseconds()), ...happening });
    },
  };
}

const TEXT_LIMIT = 200;

interface Excerpt {
  readonly bytes: number;
  readonly text: string;
  readonly truncated?: true;
}

/** The size of `data` and the start of it as text: at most 200 UTF-16 units, broken UTF-8 as U+FFFD. */
export function excerpt(data: Buffer): Excerpt {
  return shortened(data, textOf(data));
}

function textOf(data: Buffer): string {
  // A UTF-16 unit takes at most three bytes of UTF-8, so nothing past this can be needed.
  return data.toString('utf8', 0, TEXT_LIMIT * 3 + 4);
}

function shortened({ length: bytes }: Buffer, text: string): Excerpt {
  if (text.length <= TEXT_LIMIT) return { bytes, text };
  const cut = text.slice(0, TEXT_LIMIT).replace(/[\uD800-\uDBFF]$/, '');
  return { bytes, text: cut, truncated: true };
}

export interface EventLines {
  /** Takes a line, with its end. */
  write(line: string): void;
  /** Resolves when everything waiting is written, or after `milliseconds` if nobody reads. */
  flush(milliseconds: number): Promise<void>;
}

/**
 * Milliseconds from one write to the next at least. A write and the wake of its reader cost as much as many events, so those
 * of a busy program go out together. The first event after a pause goes out at once.
 */
const PAUSE_MS = 1;

/**
 * Writes the lines of events. At most `limit` characters wait while the reader is slow. Later lines are
 * dropped and counted, and `{"event":"dropped","count":n}` stands in their place once there is room.
 */
export function eventLines(output: Writable, limit = 1 << 20): EventLines {
  let waiting: string[] = [];
  let size = 0;
  let dropped = 0;
  let busy = false;
  let gone = false;
  let last = Number.NEGATIVE_INFINITY;
  let idle: (() => void)[] = [];
  // A reader that went away (EPIPE) ends the events, not the program.
  output.on('error', () => {
    gone = true;
    rest();
  });

  function rest(): void {
    busy = false;
    for (const done of idle) done();
    idle = [];
  }
  function next(): void {
    if (gone || (waiting.length === 0 && dropped === 0)) {
      rest();
      return;
    }
    busy = true;
    const pause = last + PAUSE_MS - performance.now();
    if (pause > 0) setTimeout(batch, pause);
    // Everything of one turn of the event loop goes out in one write.
    else setImmediate(batch);
  }
  function batch(): void {
    if (gone) return;
    if (dropped > 0) waiting.push(droppedLine(dropped));
    const text = waiting.join('');
    waiting = [];
    size = 0;
    dropped = 0;
    output.write(text, (error) => {
      last = performance.now();
      if (!error) next();
    });
  }

  return {
    write(line) {
      // Once one event is dropped, all are dropped until the next batch, so the count stands where they are missing.
      if (gone || dropped > 0 || size >= limit) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      size += line.length;
      if (!busy) next();
    },
    flush(milliseconds) {
      return new Promise((resolve) => {
        if (!busy || gone) return resolve();
        const timer = setTimeout(resolve, milliseconds);
        idle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function droppedLine(count: number): string {
  return lineOf({ time: isoMicroseconds(nowMicroseconds()), event: 'dropped', count });
}
