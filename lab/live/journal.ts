/** The events and other lines of all hosts of a lab, in order of arrival. The oldest go when the journal is full. */
import type { HostEvent } from '../agent/protocol.ts';
import { Bell } from '../agent/waiting.ts';

export type Entry = {
  /** 1 for the first of the lab; no two have the same. */
  serial: number;
  /** ISO 8601. The host's own time, where its event has one. */
  time: string;
  host: string;
} & (Happened | { stream: 'stdout' | 'stderr'; line: string });

interface Happened {
  event: HostEvent;
  /** The host's program printed it, as a line; else a listener of its agent told it. */
  printed?: true;
}

/** An event, or one or more whole lines with a newline between two. */
export type Said = Happened | { stream: 'stdout' | 'stderr'; lines: string };

export interface Extract {
  entries: Entry[];
  /** The place from which to go on. */
  next: number;
  /** Entries that have gone before they were read, of all hosts. */
  missed: number;
  /** The time of the oldest entry that is kept, of any host; absent where there is nothing new. */
  oldest?: string;
}

/** Lines that came together. They are split when somebody reads them, as nobody reads most lines of a flood. */
interface Piece {
  /** The serial of its first entry, and the number of its entries. */
  first: number;
  count: number;
  time: string;
  host: string;
  said: Said;
  /** Characters, about. */
  size: number;
}

const MOST_ENTRIES = 20_000;
/** Characters of all entries together, about. */
const MOST_TEXT = 16 * 1024 * 1024;
/** Entries that one extract holds. */
const MOST_AT_ONCE = 500;

export class Journal {
  readonly #mostEntries: number;
  #pieces: Piece[] = [];
  #entries = 0;
  #text = 0;
  #serial = 0;
  readonly #bell = new Bell();
  #now = { at: 0, text: '' };
  /** The lines of the piece that was read last: a long piece is read in several extracts. */
  #split: { piece: Piece; lines: string[] } | undefined;

  constructor(mostEntries = MOST_ENTRIES) {
    this.#mostEntries = mostEntries;
  }

  note(host: string, said: Said): void {
    const count = 'lines' in said ? linesIn(said.lines) : 1;
    const time = ('event' in said && said.event.time) || this.#time();
    const size = 'lines' in said ? said.lines.length : 200 + String(said.event.text ?? '').length;
    this.#pieces.push({ first: this.#serial + 1, count, time, host, said, size });
    this.#serial += count;
    this.#entries += count;
    this.#text += size;
    if (this.#entries > this.#mostEntries || this.#text > MOST_TEXT) this.#drop();
    this.#bell.ring();
  }

  /** The time as text, made once in a millisecond: a program that floods its output writes many lines in one. */
  #time(): string {
    const at = Date.now();
    if (at !== this.#now.at) this.#now = { at, text: new Date(at).toISOString() };
    return this.#now.text;
  }

  /** Drops a tenth at once, so that a full journal is not moved for every line. The last piece stays at any length. */
  #drop(): void {
    const [entries, text] = [0.9 * this.#mostEntries, 0.9 * MOST_TEXT];
    let gone = 0;
    while (gone < this.#pieces.length - 1 && (this.#entries > entries || this.#text > text)) {
      const { count, size } = this.#pieces[gone++]!;
      this.#entries -= count;
      this.#text -= size;
    }
    this.#pieces.splice(0, gone);
  }

  /** The entries after this serial (0 for all) of these hosts (empty: all). Waits `giveUp` ms for the first one. */
  async read(after: number, hosts: readonly string[], giveUp: number): Promise<Extract> {
    const look = () => (this.#serial > after ? this.#extract(after, hosts) : undefined);
    return (await this.#bell.until(look, giveUp)) ?? { entries: [], next: after, missed: 0 };
  }

  #extract(after: number, hosts: readonly string[]): Extract {
    const missed = Math.max(0, this.#pieces[0]!.first - after - 1);
    const entries: Entry[] = [];
    let next = after + missed;
    for (const piece of this.#pieces) {
      const last = piece.first + piece.count - 1;
      if (last <= next) continue;
      if (entries.length >= MOST_AT_ONCE) break;
      const isAsked = hosts.length === 0 || hosts.includes(piece.host);
      if (isAsked) entries.push(...this.#entriesOf(piece, next, MOST_AT_ONCE - entries.length));
      next = isAsked ? entries.at(-1)!.serial : last;
    }
    return { entries, next, missed, oldest: this.#pieces[0]!.time };
  }

  /** At most so many entries after this serial. */
  #entriesOf(piece: Piece, after: number, most: number): Entry[] {
    const { first, time, host, said } = piece;
    if ('event' in said) return [{ serial: first, time, host, ...said }];
    if (this.#split?.piece !== piece) this.#split = { piece, lines: said.lines.split('\n') };
    const from = Math.max(0, after + 1 - first);
    return this.#split.lines
      .slice(from, from + most)
      .map((line, index) => ({ serial: first + from + index, time, host, stream: said.stream, line }));
  }
}

function linesIn(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
