/** What the hosts of a lab say, in the order it came: events and other lines. The oldest go when it is full. */
import type { HostEvent } from './agent/protocol.ts';
import { Bell } from './agent/waiting.ts';

export type Entry = {
  /** 1 for the first of the lab; no two have the same. */
  serial: number;
  /** ISO 8601, the host's own where it said one. */
  time: string;
  host: string;
} & ({ event: HostEvent } | { stream: 'stdout' | 'stderr'; line: string });

export type Said = { event: HostEvent } | { stream: 'stdout' | 'stderr'; line: string };

export interface Extract {
  entries: Entry[];
  /** Where to go on. */
  next: number;
  /** Entries that have gone before they were read. */
  missed: number;
}

const MOST_ENTRIES = 20_000;
/** Characters of all entries together, about. */
const MOST_TEXT = 16 * 1024 * 1024;
/** Entries that one extract holds. */
const MOST_AT_ONCE = 500;

export class Journal {
  readonly #mostEntries: number;
  #entries: Entry[] = [];
  #text = 0;
  #serial = 0;
  readonly #bell = new Bell();
  #now = { at: 0, text: '' };

  constructor(mostEntries = MOST_ENTRIES) {
    this.#mostEntries = mostEntries;
  }

  note(host: string, said: Said): void {
    this.#serial += 1;
    const time = ('event' in said && said.event.time) || this.#time();
    this.#entries.push({ serial: this.#serial, time, host, ...said });
    this.#text += sizeOf(said);
    if (this.#entries.length > this.#mostEntries || this.#text > MOST_TEXT) this.#drop();
    this.#bell.ring();
  }

  /** Written once a millisecond: a program that floods its output says many lines in one. */
  #time(): string {
    const at = Date.now();
    if (at !== this.#now.at) this.#now = { at, text: new Date(at).toISOString() };
    return this.#now.text;
  }

  /** A tenth at once, so that a full journal is not moved for every line. */
  #drop(): void {
    const gone = this.#entries.splice(0, Math.max(1, Math.ceil(this.#entries.length / 10)));
    for (const entry of gone) this.#text -= sizeOf(entry);
  }

  /** What came after that serial (0 for everything), of these hosts (none: of all); waits so long for the first. */
  async read(after: number, hosts: readonly string[], giveUp: number): Promise<Extract> {
    const look = () => (this.#serial > after ? this.#extract(after, hosts) : undefined);
    return (await this.#bell.until(look, giveUp)) ?? { entries: [], next: after, missed: 0 };
  }

  #extract(after: number, hosts: readonly string[]): Extract {
    const first = this.#entries[0]!.serial;
    const missed = Math.max(0, first - after - 1);
    const part = this.#entries.slice(Math.max(0, after + 1 - first)).slice(0, MOST_AT_ONCE);
    const entries = part.filter(({ host }) => hosts.length === 0 || hosts.includes(host));
    return { entries, next: part.at(-1)!.serial, missed };
  }
}

function sizeOf(said: Said): number {
  return 'line' in said ? said.line.length : 200 + String(said.event.text ?? '').length;
}
