/** Something that somebody has said, as a datagram and as lines of IRC: each is built once, however many hear it. */
import { plain } from './format.ts';
import { lineOf, MESSAGE_LIMIT } from './irc/line.ts';
import type { Heard, Person } from './model.ts';
import { label, mask } from './people.ts';

export interface Saying {
  readonly from: Person;
  /** A room's name, or that of the one person who is spoken to. */
  readonly to: string;
  readonly isPrivate: boolean;
  readonly text: string;
  /** Nobody and nothing answers a notice (RFC 2812 section 3.3.2). */
  readonly isNotice?: boolean;
  readonly report: Heard['report'];
}

export class Said implements Heard {
  readonly #saying: Saying;
  #datagram: Buffer | null | undefined;
  #lines: readonly Buffer[] | undefined;

  constructor(saying: Saying) {
    this.#saying = saying;
  }

  get report(): Heard['report'] {
    return this.#saying.report;
  }

  get datagram(): Buffer | null {
    if (this.#datagram === undefined) this.#datagram = datagramOf(this.#saying);
    return this.#datagram;
  }

  /** Lines of at most 512 bytes: a longer text is split between two characters. */
  get lines(): readonly Buffer[] {
    this.#lines ??= linesOf(this.#saying);
    return this.#lines;
  }
}

function datagramOf({ from, isPrivate, text }: Saying): Buffer | null {
  const shown = plain(text);
  return shown === undefined ? null : Buffer.from(`${label(from)}${isPrivate ? ' to you' : ''}: ${shown}`);
}

function linesOf({ from, to, text, isNotice }: Saying): Buffer[] {
  const head = `:${mask(from)} ${isNotice ? 'NOTICE' : 'PRIVMSG'} ${to} :`;
  const room = MESSAGE_LIMIT - Buffer.byteLength(head);
  return parts(text, room).map((part) => lineOf(head + part));
}

/** A text in parts of at most so many bytes of UTF-8. */
function parts(text: string, limit: number): string[] {
  const bytes = Buffer.from(text);
  const found: string[] = [];
  let start = 0;
  while (bytes.length - start > limit) {
    let end = start + limit;
    // The byte behind the part must begin a character.
    while (((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
    found.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return [...found, bytes.toString('utf8', start)];
}
