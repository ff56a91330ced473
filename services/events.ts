/** The events that a program reports about its own work: one event, one JSON object, one line. */
import type { Writable } from 'node:stream';
import { isoMicroseconds, nowMicroseconds } from './clock.ts';

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

export interface Emitter {
  /** False where `receive` and `send` are not wanted: nobody then needs to decode their text. */
  readonly messages: boolean;
  emit(happening: Happening): void;
}

/** Gives events their time and lets through those of the level. */
export function emitter(level: EventLevel = 'messages', sink: EventSink = () => {}): Emitter {
  return {
    messages: level === 'messages',
    emit(happening) {
      const { event } = happening;
      if (level === 'off' && event !== 'ready') return;
      if (level === 'connections' && (event === 'receive' || event === 'send')) return;
      sink({ time: isoMicroseconds(nowMicroseconds()), ...happening });
    },
  };
}

const TEXT_LIMIT = 200;

/** The size of `data` and the start of it as text: at most 200 UTF-16 units, broken UTF-8 as U+FFFD. */
export function excerpt(data: Buffer): { bytes: number; text: string; truncated?: true } {
  // A UTF-16 unit takes at most three bytes of UTF-8, so nothing past this can be needed.
  const text = data.toString('utf8', 0, TEXT_LIMIT * 3 + 4);
  if (text.length <= TEXT_LIMIT) return { bytes: data.length, text };
  const cut = text.slice(0, TEXT_LIMIT).replace(/[\uD800-\uDBFF]$/, '');
  return { bytes: data.length, text: cut, truncated: true };
}

export interface EventLines {
  write: EventSink;
  /** Resolves when everything waiting is written, or after `milliseconds` if nobody reads. */
  flush(milliseconds: number): Promise<void>;
}

/**
 * Writes events as lines. At most `limit` characters wait while the reader is slow. Later events are
 * dropped and counted, and `{"event":"dropped","count":n}` stands in their place once there is room.
 */
export function eventLines(output: Writable, limit = 1 << 20): EventLines {
  let waiting: string[] = [];
  let size = 0;
  let dropped = 0;
  let busy = false;
  let gone = false;
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
    if (dropped > 0) waiting.push(line({ event: 'dropped', count: dropped }));
    const batch = waiting.join('');
    waiting = [];
    size = 0;
    dropped = 0;
    output.write(batch, (error) => (error ? undefined : next()));
  }
  function line(happening: Happening): string {
    return `${JSON.stringify({ time: isoMicroseconds(nowMicroseconds()), ...happening })}\n`;
  }

  return {
    write(event) {
      // Once one event is dropped, all are dropped until the next batch, so the count stands where they are missing.
      if (gone || dropped > 0 || size >= limit) {
        dropped += 1;
        return;
      }
      const text = `${JSON.stringify(event)}\n`;
      waiting.push(text);
      size += text.length;
      if (busy) return;
      busy = true;
      // Everything of one turn of the event loop goes out in one write.
      setImmediate(next);
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
