/** The events that a program reports about its own work: one event, one JSON object, one line. */
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
/** Takes events. It gets messages as they are, for a busy program has nothing else: {@link eventOf} makes an event of one. */
export interface EventWriter {
  event(event: ServiceEvent): void;
  message(message: Message): void;
}
export type EventSink = EventWriter | ((event: ServiceEvent) => void);

/** Whose message it is. */
export interface Ends {
  readonly transport: Transport;
  readonly peer: Endpoint;
  readonly local: Endpoint;
}

/** Bytes that came or went. */
export interface Message {
  readonly event: 'receive' | 'send';
  readonly ends: Ends;
  /** The bytes that are shown, as far as an event shows text. Undefined: they are no text. */
  readonly data: Buffer | undefined;
  /** How many they are. */
  readonly bytes: number;
  /** In microseconds since 1970. */
  readonly at: number;
}

export interface Emitter {
  emit(happening: Happening): void;
  /** Reports bytes that came or went, with the start of them as text, where messages are wanted. */
  message(event: Message['event'], ends: Ends, data: Buffer, more?: More): void;
}

export type Details = Readonly<Record<string, unknown>>;
/** More about a message than its ends and its data. */
export interface More {
  /** In microseconds since 1970, now unless said. */
  readonly at?: number;
  /** How many bytes they are, where the data is only a part. */
  readonly bytes?: number;
  /** False for bytes that are no text. */
  readonly isText?: boolean;
  readonly details?: Details | undefined;
}

/** Gives events their time and lets through those of the level. */
export function emitter(level: EventLevel = 'messages', sink: EventSink = () => {}): Emitter {
  const writer = typeof sink === 'function' ? writerOf(sink) : sink;
  return {
    message(event, ends, data, more) {
      if (level !== 'messages') return;
      const at = more?.at ?? nowMicroseconds();
      const shown = more?.isText === false ? undefined : data;
      const message = { event, ends, data: shown, bytes: more?.bytes ?? data.length, at };
      if (more?.details === undefined) writer.message(message);
      else writer.event({ ...eventOf(message), ...more.details });
    },
    emit(happening) {
      const { event } = happening;
      if (level === 'off' && event !== 'ready') return;
      if (level === 'connections' && (event === 'receive' || event === 'send')) return;
      writer.event({ time: isoMicroseconds(nowMicroseconds()), ...happening });
    },
  };
}

function writerOf(event: (event: ServiceEvent) => void): EventWriter {
  return { event, message: (message) => event(eventOf(message)) };
}

export function eventOf({ event, ends, data, bytes, at }: Message): ServiceEvent {
  return { time: isoMicroseconds(at), event, ...ends, ...(data && excerpt(data)), bytes };
}

/** UTF-16 units of text that an event shows. */
export const TEXT_LIMIT = 200;

interface Excerpt {
  readonly bytes: number;
  readonly text: string;
  readonly truncated?: true;
}

/** The size of `data` and the start of it as text: at most 200 UTF-16 units, broken UTF-8 as U+FFFD. */
export function excerpt(data: Buffer): Excerpt {
  const { length: bytes } = data;
  // A UTF-16 unit takes at most three bytes of UTF-8, so nothing past this can be needed.
  const text = data.toString('utf8', 0, TEXT_LIMIT * 3 + 4);
  if (text.length <= TEXT_LIMIT) return { bytes, text };
  const cut = text.slice(0, TEXT_LIMIT).replace(/[\uD800-\uDBFF]$/, '');
  return { bytes, text: cut, truncated: true };
}
